import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its private key, in PEM form. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateRequest {
  /** the host that it is for. @default localhost and 127.0.0.1 */
  readonly host?: string;
  /** it ended a day ago. @default false */
  readonly expired?: boolean;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const DAY_MS = 86_400_000;

/** A certificate authority that nobody else knows, in a directory of its own. Needs the program `openssl`. */
export class PrivateAuthority {
  readonly ca: string;
  readonly caFile: string;
  private readonly directory = mkdtempSync(join(tmpdir(), 'livescore-authority-'));
  private readonly keyFile: string;
  private issued = 0;

  constructor(name = 'Authority of a spec') {
    // servers that run as other users read their certificates here
    chmodSync(this.directory, 0o755);
    this.caFile = this.file('ca.crt');
    this.keyFile = this.file('ca.key');
    const files = ['-keyout', this.keyFile, '-out', this.caFile];
    openssl('req', '-x509', ...EC, '-days', '2', '-subj', `/CN=${name}`, ...files);
    this.ca = readFileSync(this.caFile, 'utf8');
  }

  server({ host, expired = false }: CertificateRequest = {}): Certificate {
    const names = host ? `DNS:${host}` : 'DNS:localhost,IP:127.0.0.1';
    return this.issue(host ?? 'localhost', `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`, expired);
  }

  /** For a client to show. */
  client(name: string): Certificate {
    return this.issue(name, 'extendedKeyUsage=clientAuth\n', false);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private issue(name: string, extensions: string, expired: boolean): Certificate {
    const stem = `${++this.issued}`;
    const [keyFile, requestFile, certFile] = ['key', 'csr', 'crt'].map((ending) => this.file(`${stem}.${ending}`));
    const extensionFile = this.file(`${stem}.ext`);
    openssl('req', '-new', ...EC, '-subj', `/CN=${name}`, '-keyout', String(keyFile), '-out', String(requestFile));
    writeFileSync(extensionFile, `[issued]\n${extensions}`);
    this.sign({ requestFile: String(requestFile), certFile: String(certFile), extensionFile, expired });
    const [cert, key] = [certFile, keyFile].map((file) => readFileSync(String(file), 'utf8'));
    return { cert: String(cert), key: String(key), certFile: String(certFile), keyFile: String(keyFile) };
  }

  /** `openssl x509` knows no date of the end before version 3.4, `openssl ca` always did. */
  private sign(one: { requestFile: string; certFile: string; extensionFile: string; expired: boolean }): void {
    const ends = Date.now() + (one.expired ? -DAY_MS : DAY_MS);
    const configFile = this.file('ca.cnf');
    for (const file of ['index.txt', 'index.txt.attr']) writeFileSync(this.file(file), '');
    writeFileSync(configFile, configuration(this.directory));
    const authority = ['-config', configFile, '-cert', this.caFile, '-keyfile', this.keyFile];
    const dates = ['-startdate', asn1Time(ends - 2 * DAY_MS), '-enddate', asn1Time(ends)];
    const issue = [
      '-extfile',
      one.extensionFile,
      '-extensions',
      'issued',
      '-in',
      one.requestFile,
      '-out',
      one.certFile,
    ];
    openssl('ca', '-batch', '-notext', ...authority, ...dates, ...issue);
  }

  private file(name: string): string {
    return join(this.directory, name);
  }
}

function configuration(directory: string): string {
  return `[ca]
default_ca = here
[here]
database = ${join(directory, 'index.txt')}
new_certs_dir = ${directory}
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
`;
}

/** As `YYYYMMDDHHMMSSZ`. */
function asn1Time(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+|[-:T]/g, '');
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 30_000 });
}
