// Reads what the types of the options say: names, types, comments and defaults.
import ts from 'typescript';
import { exportedSymbols } from './public-names.mjs';

/** A name with which the rules can be asked about what stands below a name that the host chooses. */
const CHOSEN = { perEndpoint: '/match/recent/list', jobs: 'team' };

/** @returns the options that a type has, each with those inside it behind it */
export function optionDocs(program, name, symbol, path = []) {
  const type = program.getTypeChecker().getDeclaredTypeOfSymbol(symbol);
  return optionsIn(program, name, type, path);
}

function optionsIn(program, owner, type, path, partOf) {
  const checker = program.getTypeChecker();
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const [declaration] = property.declarations;
    const tags = new Map(property.getJsDocTags(checker).map((tag) => [tag.name, ts.displayPartsToString(tag.text)]));
    const inner = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(property, declaration));
    const at = [...path, property.name];
    const [nested, below] = nestedIn(checker, inner, at);
    const option = {
      name: shownPath(at),
      path: at,
      owner,
      type: nested ? 'object' : typeText(checker, inner, declaration),
      text: ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim(),
      default: tags.get('default')?.replace(/\s+/g, ' ').trim(),
      example: tags.get('example')?.replace(/\s+/g, ' ').trim(),
      isRequired: (property.flags & ts.SymbolFlags.Optional) === 0 && partOf !== 'Partial',
    };
    const isPartial = declaration.type?.getText().startsWith('Partial<') ? 'Partial' : undefined;
    return [option, ...(nested ? optionsIn(program, nameOf(nested, owner), nested, below, isPartial) : [])];
  });
}

/** A type without a name of its own belongs to the one that it stands in. */
const nameOf = ({ aliasTypeArguments, symbol }, owner) => {
  const name = aliasTypeArguments?.[0]?.symbol.name ?? symbol?.name ?? owner;
  return name.startsWith('__') ? owner : name;
};

const shownPath = (path) => path.map((name) => (Object.values(CHOSEN).includes(name) ? '…' : name)).join('.');

/** @returns the type whose members are options too, and their path; nothing of what other people's types have */
function nestedIn(checker, type, path) {
  const chosen = CHOSEN[path.at(-1)];
  if (chosen !== undefined) {
    const index = type.getStringIndexType();
    return index ? [index, [...path, chosen]] : [];
  }
  if (type.isUnion() || checker.isArrayType(type) || type.getCallSignatures().length > 0) return [];
  const members = checker.getPropertiesOfType(type);
  const isOption = ({ declarations: [declaration] = [] }) =>
    declaration?.getSourceFile().fileName.endsWith('.options.ts');
  return (type.flags & ts.TypeFlags.Object) !== 0 && members.length > 0 && members.every(isOption) ? [type, path] : [];
}

/** Unions of texts are written out; other names of types stay. */
function typeText(checker, type, declaration) {
  const isListOfTexts = type.isUnion() && type.types.every((one) => one.isStringLiteral() || one.isNumberLiteral());
  const flags = ts.TypeFormatFlags.NoTruncation | (isListOfTexts ? ts.TypeFormatFlags.InTypeAlias : 0);
  return checker
    .typeToString(type, declaration, flags)
    .replaceAll('"', "'")
    .replace(/import\('[^']+'\)\./g, '');
}

/** @returns where a host imports each type from; a type that no entry exports has no place */
export function importPlaces(program, entries) {
  const places = new Map();
  for (const { path, source } of entries)
    for (const { symbol } of exportedSymbols(program, source)) if (!places.has(symbol)) places.set(symbol, path);
  return places;
}

/** @returns the exported interfaces of these sources, by name */
export function interfacesIn(program, sources) {
  return new Map(
    sources.flatMap((source) =>
      exportedSymbols(program, source)
        .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Interface)
        .map(({ name, symbol }) => [name, symbol]),
    ),
  );
}
