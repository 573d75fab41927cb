import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** One hand-written file of sources. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Without specs, and without what a program writes. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  return paths
    .filter((path) => /\.(ts|mjs)$/.test(path) && !/\.(spec|generated|d)\.ts$/.test(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => !/^(\/\/|\/\*)[^\n]*(generated|written) (by|from)/i.test(text));
}

/** Every node of that kind in the file, however deep. */
export function nodesIn<Kind extends ts.Node>(
  { path, text }: SourceFile,
  isKind: (node: ts.Node) => node is Kind,
): readonly Kind[] {
  const found: Kind[] = [];
  const visit = (node: ts.Node): void => {
    if (isKind(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Every class of the file. */
export const classesIn = (file: SourceFile): readonly ts.ClassDeclaration[] => nodesIn(file, ts.isClassDeclaration);

/** Has the member this keyword in front? */
export function isMarked(member: ts.ClassElement, keyword: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some(({ kind }) => kind === keyword);
}
