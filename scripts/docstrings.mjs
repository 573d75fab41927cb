// Says what is wrong with the comment of a public name: its first sentence must be one, with a subject and a verb. A function is
// the subject of its own sentence ("Connects the live feed."). The verb stands before the first clause that depends on another one.
// A verb that is new goes into the list.
import ts from 'typescript';
import { commentText, firstSentence } from './public-names.mjs';

const WORDS = `
  adds announces answers are asks became becomes begins believes belongs bounds bring brings broadcasts calls can
  carries carry changes checks claims comes commits compares configure configures connects counts covers decide
  decides decodes derives describes does ends fails fills finds follows gathers gave gets gives goes happened
  happens has have hears hold holds identifies identify is joins judges keep keeps knows leads leaves lets limit
  limits listens lists loads made makes mark marks may means measures moves must name names needs notes offers opens
  orders pass passes play plays points prunes publishes reaches read reads records refuses remembers replaces
  reports resolves returns reverts routes runs say says see sends serve serves set sets settles show shows speaks
  stand stands starts states stops stores strikes submits takes tell tells ticks told took turns understands undoes
  use uses waits wants was watches went were will works writes yields
`;
const VERBS = new Set(
  WORDS.trim()
    .split(/\s+/)
    .flatMap((verb) => [verb, capitalized(verb)]),
);

function capitalized(word) {
  return word[0].toUpperCase() + word.slice(1);
}

const SUBORDINATE = /[;:(]|\b(that|which|who|whose|whom|what|as|where|when|how|why|than|while|if|whether)\b/i;

const isFunction = (symbol) => (symbol.flags & ts.SymbolFlags.Function) !== 0;

/** @returns is it a sentence whose subject and verb stand in its main clause? */
export function isSentence(text, isOfFunction = false) {
  const [mainClause] = text.replace(/\{@link (\S+?) ?\}|`[^`]*`/g, 'it').split(SUBORDINATE);
  const at = mainClause.split(/[\s,.?!]+/).findIndex((word) => VERBS.has(word));
  return /[.?!]$/.test(text) && (at > 0 || (at === 0 && isOfFunction));
}

/** @returns what is wrong with the comment of a symbol, or undefined */
export function faultOf(program, name, symbol) {
  const place = symbol.declarations[0].getSourceFile().fileName.replace(`${process.cwd()}/`, '');
  const text = commentText(program, symbol);
  if (text === '') return `${place}: ${name} has no comment`;
  const sentence = firstSentence(text);
  if (isSentence(sentence, isFunction(symbol))) return undefined;
  return `${place}: ${name}: no sentence with subject and verb: ${JSON.stringify(sentence)}`;
}
