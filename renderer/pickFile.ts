/** The system's dialog for choosing one file. @param accept endings, with commas between; all files without */
export function pickFile(accept: string, take: (file: File) => unknown): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) take(file);
  });
  input.click();
}
