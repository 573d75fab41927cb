// Writes the TypeScript types of the protocol from docs/protocol/*.schema.json; with --check it only fails where a file is not
// what it would write. Types of the domain are named in the schemas by `tsType` and imported.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import ts from 'typescript';

const FOLDER = join('docs', 'protocol');
const LINE_WIDTH = 120;
const HEADER = '// Generated from docs/protocol/*.schema.json by `npm run protocol:types`: change those, not this.\n';

const DOMAIN = {
  MatchEvent: '../../domain/match-event.js',
  MatchClock: '../../domain/match-minute.js',
  MatchStatus: '../../domain/match-status.js',
  UpdateSource: '../../domain/match-update.js',
};

/** The types of each file, in order, by the names of their schemas. */
const OUTPUTS = {
  'src/broadcast/ports/match-frames.ts': [
    ...['proven-state', 'card-view', 'substitution-view', 'prediction-view', 'match-details', 'match-view'],
    ...['welcome', 'snapshot', 'change', 'details', 'clock', 'unsubscribed', 'authenticated', 'pong', 'ping'],
    ...['error-code', 'error', 'goodbye', 'server-frame'],
    ...['selection', 'subscribe-message', 'unsubscribe-message', 'authenticate-message', 'ping-message'],
    'client-message',
  ],
  'src/broadcast/ports/client-frame.ts': [
    ...['match-state-change', 'score-change', 'goal', 'goal-cancelled', 'minute-update', 'clock-change', 'added-time'],
    ...['card', 'card-corrected', 'substitution', 'substitution-corrected', 'prediction-settled', 'prediction-updated'],
    'client-frame',
  ],
};

const schemas = new Map();
function schemaOf(file) {
  if (!schemas.has(file)) schemas.set(file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  return schemas.get(file);
}

/** A reference to a whole file becomes its name, one to a part of a file that part. */
function resolved({ $ref, ...beside }) {
  const [file, pointer] = $ref.split('#/');
  if (pointer === undefined) return { tsType: schemaOf(file).title, ...beside };
  const part = pointer.split('/').reduce((value, key) => value[key], schemaOf(file));
  return prepared({ ...part, ...beside });
}

/** What the compiler of types is to see: no references, no bounds, no alternatives that only say which fields are required. */
function prepared(value) {
  if (Array.isArray(value)) return value.map(prepared);
  if (value === null || typeof value !== 'object') return value;
  if (value.$ref !== undefined) return resolved(value);
  const { $schema, $id, minItems, maxItems, propertyNames, ...schema } = value;
  if (schema.anyOf?.every((one) => Object.keys(one).join() === 'required')) delete schema.anyOf;
  if (schema.items?.$ref?.includes('#')) schema.items = { ...resolved(schema.items), description: undefined };
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, prepared(part)]));
}

/** The schemas that a schema has every field of, as required as they are there. */
function basesOf({ properties = {}, required = [] }) {
  const refs = Object.entries(properties).map(([key, { $ref }]) => $ref?.split(`#/properties/${key}`)[0]);
  return [...new Set(refs)].filter((file) => {
    const fields = file && !file.includes('#') ? schemaOf(file).properties : undefined;
    const isSame = (key) =>
      properties[key]?.$ref === `${file}#/properties/${key}` &&
      required.includes(key) === (schemaOf(file).required ?? []).includes(key);
    return fields && Object.keys(fields).every(isSame);
  });
}

async function typeOf(name) {
  const whole = schemaOf(`${name}.schema.json`);
  const bases = basesOf(whole);
  const inherited = bases.flatMap((file) => Object.keys(schemaOf(file).properties));
  const own = Object.entries(whole.properties ?? {}).filter(([key]) => !inherited.includes(key));
  const properties = whole.properties && Object.fromEntries(own);
  const { title, ...schema } = prepared({ ...whole, ...(properties ? { properties } : undefined) });
  const required = schema.required?.filter((key) => !inherited.includes(key));
  const options = { additionalProperties: false, bannerComment: '', format: false };
  const text = await compile({ ...schema, required }, title, options);
  const heads = bases.map((file) => schemaOf(file).title).join(', ');
  return heads ? text.replace(`interface ${title} `, `interface ${title} extends ${heads} `) : text;
}

/** Every field and every list becomes readonly. */
function readonlyText(text) {
  const source = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ES2023, true);
  const places = [];
  const visit = (node) => {
    if (ts.isPropertySignature(node) || ts.isIndexSignatureDeclaration(node) || ts.isArrayTypeNode(node)) {
      places.push(node.getStart(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return places.sort((a, b) => b - a).reduce((t, at) => `${t.slice(0, at)}readonly ${t.slice(at)}`, text);
}

function importsOf(text) {
  const used = Object.keys(DOMAIN).filter((name) =>
    new RegExp(`\\b${name}\\b`).test(text.replace(/\/\*.*?\*\//gs, '')),
  );
  return used.map((name) => `import type { ${name} } from '${DOMAIN[name]}';`).join('\n');
}

function formatted(text, path) {
  const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const input = { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] };
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], input);
}

/** Comments on one line where they fit. */
function shortComments(text) {
  return text.replace(/^( *)\/\*\*\n((?: *\* .*\n)+?) *\*\/$/gm, (_all, indent, body) => {
    const words = body
      .replace(/^ *\* /gm, '')
      .trim()
      .split(/\s+/);
    const whole = `${indent}/** ${words.join(' ')} */`;
    if (whole.length <= LINE_WIDTH) return whole;
    return [`${indent}/**`, ...wrapped(words, `${indent} *`), `${indent} */`].join('\n');
  });
}

function wrapped(words, begin) {
  const lines = [begin];
  for (const word of words) {
    if (lines.at(-1).length + 1 + word.length > LINE_WIDTH) lines.push(begin);
    lines.push(`${lines.pop()} ${word}`);
  }
  return lines;
}

async function textOf(path, names) {
  const types = [];
  for (const name of names) types.push(await typeOf(name));
  const body = readonlyText(types.join('\n'));
  return shortComments(formatted(`${HEADER}${importsOf(body)}\n\n${body}`, path));
}

const isCheck = process.argv.includes('--check');
for (const [path, names] of Object.entries(OUTPUTS)) {
  const text = await textOf(path, names);
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (!isCheck && !isCurrent) writeFileSync(path, text);
  if (isCheck && !isCurrent) {
    console.error(`${path} is not what docs/protocol says: npm run protocol:types`);
    process.exitCode = 1;
  } else console.log(`${path}: ${names.length} types`);
}
