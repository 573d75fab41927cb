// The declaration of a public name as a host sees it: what the compiler writes into the .d.ts file, without what is private, and
// without the constructors that Nest calls.
import ts from 'typescript';

const MADE_BY_NEST = /^(Injectable|Module|Controller|Global|WebSocketGateway)$/;

/**
 * @param publicSymbols a base that is none of them is told with the name itself
 * @returns a function that gives the text of all declarations of a name
 */
export function declarationsOf(program, publicSymbols) {
  const files = new Map();
  const emitted = (source) => {
    if (!files.has(source.fileName)) files.set(source.fileName, emit(program, source));
    return files.get(source.fileName);
  };
  const own = (symbol, isBase = false) => {
    const [declaration] = symbol.declarations;
    const file = emitted(declaration.getSourceFile());
    const isOurs = (statement) => namesOf(statement).includes(symbol.name);
    const texts = file.statements.filter(isOurs).map((statement) => textOf(file, statement, symbol, isBase));
    if (texts.length === 0) throw new Error(`${symbol.name} has no declaration in ${file.fileName}`);
    return texts.join('\n');
  };
  return (name, symbol) => {
    const renamed = new RegExp(`^(declare (?:abstract )?\\w+ )${symbol.name}\\b`, 'gm');
    const bases = hiddenBases(program, symbol, publicSymbols).map((base) => own(base, true));
    return [own(symbol).replaceAll(renamed, `$1${name}`), ...bases].join('\n\n');
  };
}

/** The classes of the package that a class stands on and that no entry exports. */
function hiddenBases(program, symbol, publicSymbols) {
  if ((symbol.flags & ts.SymbolFlags.Class) === 0) return [];
  const checker = program.getTypeChecker();
  const bases = (checker.getBaseTypes(checker.getDeclaredTypeOfSymbol(symbol)) ?? []).map((base) => base.symbol);
  const isUntold = (base) =>
    (base?.flags ?? 0) & ts.SymbolFlags.Class &&
    !publicSymbols.has(base) &&
    base.declarations[0].getSourceFile().fileName.startsWith(`${process.cwd()}/src/`);
  return bases.filter(isUntold).flatMap((base) => [base, ...hiddenBases(program, base, publicSymbols)]);
}

function emit(program, source) {
  let text;
  const write = (_name, written) => {
    text = written;
  };
  program.emit(source, write, undefined, true);
  if (text === undefined) throw new Error(`no declarations of ${source.fileName}`);
  return ts.createSourceFile(source.fileName, text, ts.ScriptTarget.ES2023, true);
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.text);
  return statement.name ? [statement.name.text] : [];
}

const isHidden = (member, hidden) =>
  (ts.getCombinedModifierFlags(member) & hidden) !== 0 ||
  (member.name !== undefined && ts.isPrivateIdentifier(member.name));

/** What Nest calls, and nobody else. */
const HOOK = /^(onModuleInit|onApplicationBootstrap|onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

const isMadeByNest = (symbol) =>
  symbol.declarations.some(
    (declaration) =>
      ts.canHaveDecorators(declaration) &&
      (ts.getDecorators(declaration) ?? []).some(({ expression }) =>
        MADE_BY_NEST.test((ts.isCallExpression(expression) ? expression.expression : expression).getText()),
      ),
  );

const isOfNest = (member, symbol) => ts.isConstructorDeclaration(member) && isMadeByNest(symbol);

/** The text from the first token on: the comment of the name itself is told beside it. */
function textOf(file, statement, symbol, isBase) {
  // what is protected is for those who extend a class, and that is meant of abstract ones
  const isOpen = !isBase && (ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Abstract) !== 0;
  const flags = ts.ModifierFlags.Private | (isOpen ? 0 : ts.ModifierFlags.Protected);
  const hidden = ts.isClassDeclaration(statement)
    ? statement.members.filter(
        (member) => isHidden(member, flags) || HOOK.test(member.name?.getText(file) ?? '') || isOfNest(member, symbol),
      )
    : [];
  const begin = statement.getStart(file);
  const cuts = hidden.map((member) => [member.pos, member.end]).reverse();
  const text = cuts.reduce((all, [from, to]) => all.slice(0, from) + all.slice(to), file.text);
  const removed = cuts.reduce((sum, [from, to]) => sum + to - from, 0);
  return withBase(file, text.slice(begin, statement.end - removed))
    .replace(/^export (default )?(declare )?/, 'declare ')
    .replace(/import\("[^"]+"\)\./g, '');
}

/** `extends X_base`, a constant of the compiler's, becomes the type of that constant. */
function withBase(file, text) {
  return text.replace(/ extends (\w+_base)\b/, (all, name) => {
    const constant = file.statements.find((statement) => namesOf(statement).includes(name));
    const type = constant?.declarationList.declarations[0].type?.getText(file);
    if (type === undefined) return all;
    return ` extends ${type.replace(/^new \(\) => /, '')}`;
  });
}
