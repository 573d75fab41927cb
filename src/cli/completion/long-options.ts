/** A line that begins with an option, as in `  --reason TEXT  why`. */
const OPTION_LINE = /^\s+(--[a-z].*)$/;
const LONG_OPTION = /--[a-z][a-z-]*/g;

/**
 * The long options of a command, in the order of its help: those of the usage lines, and those that begin a line. What the
 * running text says of the options of other commands is not among them.
 */
export function longOptions(name: string, help: string): readonly string[] {
  const lines = help.split('\n');
  const [shownAs, examples] = [`livescore ${name}`, lines.indexOf('Examples:')];
  const own = (examples < 0 ? lines : lines.slice(0, examples)).flatMap((line) => {
    if (line.startsWith(shownAs)) return line.match(LONG_OPTION) ?? [];
    const [, option = ''] = OPTION_LINE.exec(line) ?? [];
    return option.match(LONG_OPTION)?.slice(0, 1) ?? [];
  });
  return [...new Set([...own, '--help'])];
}
