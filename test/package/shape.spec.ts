import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { SIDES, SLOT_COLUMNS } from '../../src/platform/score-columns.js';
import { classesIn, isMarked, nodesIn, type SourceFile, sourceFiles } from '../support/source-files.js';

const MOST_LINES = 250;
const MOST_ARGUMENTS = 8;
/** All sources are parsed, on a machine that may be busy. */
const LONG_MS = 240_000;

/** The text of a schema. */
const NO_CODE = ['src/testing/platform-schema.ts'];
/** Their rooms write, journal, undo, compare and replay rows: all take their columns from one table. */
const OF_COLUMNS = /^src\/(score-writer|foreign-writers|legacy-bridge|rollout|replay|cache)\//;
/** They run in browsers, where the host is the browser; or are timers themselves. */
const OWN_TIMERS = /^src\/(client|operations\/page|kernel\/(scheduler|log-sampler)\.ts|testing\/provider-stand-in\.ts)/;

const lineCount = ({ text }: SourceFile) => text.split('\n').length - 1;
const isReadonly = (member: ts.ClassElement) => isMarked(member, ts.SyntaxKind.ReadonlyKeyword);
const isPrivate = (member: ts.ClassElement) => isMarked(member, ts.SyntaxKind.PrivateKeyword);

describe('the shape of the sources', () => {
  let sources: readonly SourceFile[];
  let classes: readonly (readonly [path: string, ts.ClassDeclaration])[];

  beforeAll(() => {
    sources = sourceFiles('src');
    classes = sources.flatMap((file) => classesIn(file).map((one) => [file.path, one] as const));
  }, LONG_MS);

  const inSources = (pattern: RegExp) =>
    sources
      .filter(({ text }) => pattern.test(text))
      .map(({ path }) => path)
      .sort();

  it(
    `no file has more than ${MOST_LINES} lines`,
    () => {
      const files = [...sources, ...sourceFiles('bench', 'examples', 'migrations', 'scripts', 'tools')];
      expect(files.length).toBeGreaterThan(1_000);
      const long = files.filter((file) => lineCount(file) > MOST_LINES).map(({ path }) => path);
      expect(long.filter((path) => !NO_CODE.includes(path))).toEqual([]);
    },
    LONG_MS,
  );

  it(`no constructor has more than ${MOST_ARGUMENTS} arguments`, () => {
    const wide = classes.filter(([, { members }]) =>
      members.some((member) => ts.isConstructorDeclaration(member) && member.parameters.length > MOST_ARGUMENTS),
    );
    expect(wide.map(([path]) => path)).toEqual([]);
  });

  it('no provider waits for another one that waits for it', () => {
    expect(inSources(/\bforwardRef\(/)).toEqual([]);
    // what is the host's is looked up: its data source, its pipes and guards, its modules, its registry, its way to say who may look
    expect(inSources(/\bModuleRef\b/)).toEqual([
      'src/broadcast/adapters/nest/enhancer-source.ts',
      'src/broadcast/adapters/nest/nest-message-pipeline.ts',
      'src/mqtt-ingest/connect-feed.ts',
      'src/operations/access/operations-guard.ts',
      'src/postgres/adapters/pg/host-data-source.ts',
      'src/postgres/postgres.module.ts',
      'src/schedule/adapters/schedule/nest-schedule-registration.ts',
    ]);
  });

  it('nobody is connected by a setter: there is no slot that the next one would take', () => {
    const speaks = (member: ts.Node) =>
      ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isFunctionTypeNode(member);
    const isType = (node: ts.Node) => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node);
    const speakers = sources.flatMap((file) => nodesIn(file, isType)).filter(({ members }) => members.some(speaks));
    const names = new Set(speakers.map(({ name }) => name?.text));
    const isSomebody = (type = '') =>
      /=>|Listener|Handler|Callback/.test(type) || type.split(/\W+/).some((name) => names.has(name));
    const isSlot = (member: ts.ClassElement) =>
      ts.isPropertyDeclaration(member) &&
      !isReadonly(member) &&
      !isPrivate(member) &&
      /=>|Listener|Handler|Callback/.test(member.type?.getText() ?? '');
    const sets = (member: ts.ClassElement) => {
      if (!ts.isMethodDeclaration(member) && !ts.isSetAccessor(member)) return false;
      const [, kept] = /^\{\s*this\.#?\w+ = (\w+);\s*\}$/.exec(member.body?.getText() ?? '') ?? [];
      return member.parameters.some(({ name, type }) => name.getText() === kept && isSomebody(type?.getText()));
    };
    const connects = (member: ts.ClassElement) =>
      ts.isMethodDeclaration(member) &&
      !isMarked(member, ts.SyntaxKind.StaticKeyword) &&
      /^connect$/.test(member.name.getText()) &&
      member.parameters.length > 0;
    const isFault = (member: ts.ClassElement) => isSlot(member) || sets(member) || connects(member);
    const found = classes.filter(([path, { members }]) => !path.startsWith('src/testing/') && members.some(isFault));
    expect(found.map(([path]) => path)).toEqual([]);
  });

  it('the fields of a mailbox are assigned in one file', () => {
    const room = sources.filter(({ path }) => path.startsWith('src/score-writer/'));
    const mailbox = classes.find(([path, { name }]) => path.endsWith('/mailbox.ts') && name?.text === 'Mailbox')?.[1];
    const fields = mailbox?.members.filter(ts.isPropertyDeclaration) ?? [];
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => !isReadonly(field))).toEqual([]);
    const contents = room.find(({ path }) => path.endsWith('/mailbox-contents.ts'))?.text ?? '';
    const declared = /export interface MailboxContents [^{]*\{([^}]*(?:\{[^}]*\}[^}]*)*)\n\}/.exec(contents)?.[1] ?? '';
    const open = declared.split('\n').filter((line) => /^ {2}\w+\??:/.test(line));
    expect([declared.includes('readonly row'), open]).toEqual([true, []]);
    const changing = room.filter(({ text }) => text.includes('Object.assign('));
    expect(changing.map(({ path }) => path)).toEqual(['src/score-writer/mailbox.ts']);
  });

  it('a score column is named in the table of columns and the schema for tests: nobody who writes it names it', () => {
    expect(SLOT_COLUMNS.length).toBeGreaterThan(5);
    const names = SIDES.flatMap((side) => SLOT_COLUMNS.map(({ name }) => `${side}_${name}`));
    expect(inSources(new RegExp(`\\b(${names.join('|')})\\b`)).filter((path) => OF_COLUMNS.test(path))).toEqual([]);
  });

  it('timers are those of the kernel', () => {
    const own = inSources(/(?<![.\w])set(Timeout|Interval)\(|\bsetTimeout as\b/);
    expect(own.filter((path) => !OWN_TIMERS.test(path))).toEqual([]);
  });

  it('a service is a class that the module of its feature exports', () => {
    const doors = classes.filter(([path]) => path.endsWith('.service.ts'));
    expect(doors.length).toBeGreaterThan(8);
    const inner = doors.filter(([path, { name }]) => {
      const modules = sources.filter((file) => file.path.startsWith(`src/${path.split('/')[1]}/`));
      const lists = modules.flatMap(({ text }) => text.match(/\bexports: \[[^\]]*\]/g) ?? []).join();
      return !new RegExp(`\\b${name?.text}\\b`).test(lists);
    });
    expect(inner.map(([path]) => path)).toEqual([]);
  });
});
