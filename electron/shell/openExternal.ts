import { shell } from 'electron';

/** The only way to the system's browser. Anything but a plain https address is ignored: files and schemes run programs. */
export function openExternal(address: string): void {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return;
  void shell.openExternal(url.href);
}
