// The client is loaded by phones: the bundle for browsers must stay small, and stand alone.
import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { bundleClient } from './build-client.mjs';

const MOST_BYTES = 5_120;
const NODE_ONLY = new RegExp(`\\brequire\\(|\\bprocess\\.|\\bBuffer\\b|['"](node:|(${builtinModules.join('|')})['"])`);

function problemsOf({ code, imports, inputs }, bytes) {
  return [
    ...(bytes > MOST_BYTES ? [`${bytes} bytes gzipped are more than ${MOST_BYTES}`] : []),
    ...imports.map((name) => `imports ${name}`),
    ...inputs.filter((input) => !input.startsWith('src/')).map((input) => `contains ${input}`),
    ...(NODE_ONLY.test(code) ? [`uses ${NODE_ONLY.exec(code)[0]}, which browsers do not have`] : []),
  ];
}

try {
  const bundle = await bundleClient();
  const bytes = gzipSync(bundle.code, { level: 9 }).length;
  const problems = problemsOf(bundle, bytes);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  console.log(`client: ${bytes} bytes gzipped of at most ${MOST_BYTES}, ${bundle.code.length} before`);
} catch (error) {
  console.error(`The client is not fit for browsers:\n${error.message}`);
  process.exitCode = 1;
}
