// Finds the variables of the environment that sources read: by their syntax, whatever they are called.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const IS_ENVIRONMENT = /^(env|environment)$/;
const IS_VARIABLE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$|^pm_id$/;

/** @returns the names, each with the first place that reads it, of the sources in a folder but for those in another one */
export function environmentVariables(folder, butFor) {
  const found = new Map();
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    const path = join(folder, file);
    if (!/(?<!\.spec)\.ts$/.test(path) || (butFor && path.startsWith(join(butFor, '/')))) continue;
    const text = readFileSync(path, 'utf8');
    if (!/env/i.test(text)) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    for (const name of namesIn(source)) if (IS_VARIABLE.test(name) && !found.has(name)) found.set(name, path);
  }
  return found;
}

const nameOf = (node) => (node && ts.isPropertyAccessExpression(node) ? node.name.text : node?.text);
const isEnvironment = (node) => IS_ENVIRONMENT.test(nameOf(node) ?? '');

function namesIn(source) {
  const names = [];
  const visit = (node) => {
    names.push(...namesAt(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** `env.NAME`, `env['NAME']`, `{ NAME } = env`, `({ NAME }: Environment)`, and `f(…, 'NAME', …, env)`. */
function namesAt(node, source) {
  if (ts.isPropertyAccessExpression(node) && isEnvironment(node.expression)) return [node.name.text];
  if (ts.isElementAccessExpression(node) && isEnvironment(node.expression))
    return textsOf(node.argumentExpression, source);
  if (ts.isObjectBindingPattern(node)) {
    const { initializer, type } = node.parent;
    const isOurs = isEnvironment(initializer) || /Environment$|ProcessEnv$/.test(type?.getText() ?? '');
    return isOurs ? node.elements.map(({ name, propertyName }) => (propertyName ?? name).getText()) : [];
  }
  if (ts.isCallExpression(node) && node.arguments.some(isEnvironment))
    return node.arguments.flatMap((argument) => textsOf(argument, source));
  return [];
}

/** The text itself, or that of a constant of the same file. */
function textsOf(node, source) {
  if (ts.isStringLiteral(node)) return [node.text];
  if (!ts.isIdentifier(node)) return [];
  const constants = source.statements
    .filter(ts.isVariableStatement)
    .flatMap((s) => [...s.declarationList.declarations]);
  const value = constants.find(({ name }) => name.getText() === node.text)?.initializer;
  return value && ts.isStringLiteral(value) ? [value.text] : [];
}
