// mysqldump writes the text of views and stored programs as its author's client sent it, each after a
// `SET character_set_client`, and all else as UTF-8. Here it becomes text, which our session always sends as UTF-8.
import { raise } from '../../../../shared/problem.ts';
import { notUtf8 } from '../../restore/loadSql.ts';

/** Names that the Encoding standard knows otherwise; a server's latin1 is windows-1252. */
const labels: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf8mb3: 'utf-8',
  utf8mb4: 'utf-8',
  binary: 'utf-8',
  ascii: 'utf-8',
  latin1: 'windows-1252',
  latin2: 'iso-8859-2',
  latin5: 'windows-1254',
  latin7: 'iso-8859-13',
  greek: 'iso-8859-7',
  hebrew: 'iso-8859-8',
  tis620: 'windows-874',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1256: 'windows-1256',
  cp1257: 'windows-1257',
  cp866: 'ibm866',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  ujis: 'euc-jp',
  eucjpms: 'euc-jp',
  euckr: 'euc-kr',
  big5: 'big5',
  gb2312: 'gbk',
  gbk: 'gbk',
  gb18030: 'gb18030',
};

const settingOfClient = /\bSET\s+character_set_client\s*=\s*'?(?<name>@?\w+)/i;

export class DumpEncoding {
  readonly #path: string;
  #client = 'utf-8';

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Text of a statement whose characters stand for bytes; null when it only told the encoding of what follows.
   * @throws {ProblemError} `script.notUtf8`
   */
  textOf(bytes: string): string | null {
    const setting = settingOfClient.exec(bytes.slice(0, 200))?.groups?.['name'];
    if (setting !== undefined && /^\W*(?:!?\d*\s*)?SET\b/i.test(bytes)) {
      this.#client = labels[setting.toLowerCase()] ?? 'utf-8';
      return null;
    }
    const buffer = Buffer.from(bytes, 'latin1');
    return this.#decode(buffer, 'utf-8') ?? this.#decode(buffer, this.#client) ?? raise(notUtf8(this.#path));
  }

  #decode(buffer: Buffer, label: string): string | null {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(buffer);
    } catch {
      return null;
    }
  }
}
