import type { SeededRandom } from '../../../test/support/seeded-random.js';
import { type Frame, type MatchHistory, makeHistory } from './match-history.js';
import { type Message, malformedMessage, messageOf } from './message.js';

export interface LoadShape {
  readonly matches: number;
  readonly framesPerMatch: number;
  /** matches whose row appears only after some of their frames */
  readonly unknownMatches: number;
  /** part of the messages, 0–1 */
  readonly repeats: number;
  readonly late: number;
}

/** Everything that is published in one round, in order, known before the round begins. */
export interface LoadPlan {
  readonly histories: readonly MatchHistory[];
  /** of these the row is inserted after the message with this index */
  readonly rowAppearsAfter: ReadonlyMap<string, number>;
  readonly messages: readonly Message[];
}

const MALFORMED = 0.01;
const SEVERAL_MATCHES = 0.05;

/** @param label begins every match id of the round */
export function planLoad(label: string, shape: LoadShape, nowS: number, random: SeededRandom): LoadPlan {
  const histories = Array.from({ length: shape.matches }, (_, n) =>
    makeHistory(`${label}m${n}`, shape.framesPerMatch, nowS, random),
  );
  const next = new Map(histories.map((history) => [history.matchId, 0]));
  const messages: Message[] = [];
  const told = (history: MatchHistory) => history.frames.slice(0, next.get(history.matchId));
  const tell = (history: MatchHistory): Frame => {
    const nth = next.get(history.matchId) ?? 0;
    next.set(history.matchId, nth + 1);
    return history.frames[nth] as Frame;
  };
  let open = histories;
  while (open.length > 0) {
    const number = messages.length;
    const history = random.pick(open);
    const known = told(history);
    const chance = random.next();
    if (chance < MALFORMED) messages.push(malformedMessage(number, history.frames[0] as Frame));
    else if (chance < MALFORMED + shape.repeats && known.length > 0) {
      messages.push(messageOf(number, 'repeat', [known.at(-1) as Frame]));
    } else if (chance < MALFORMED + shape.repeats + shape.late && lateFrame(known)) {
      messages.push(messageOf(number, 'late', [random.pick(lateFrames(known))]));
    } else if (random.next() < SEVERAL_MATCHES) {
      const others = open.filter((other) => other !== history);
      const company = others.length > 0 ? [random.pick(others)] : [];
      messages.push(messageOf(number, 'news', [history, ...company].map(tell)));
    } else messages.push(messageOf(number, 'news', [tell(history)]));
    open = open.filter((one) => (next.get(one.matchId) ?? 0) < one.frames.length);
  }
  const unknown = histories.slice(0, shape.unknownMatches);
  const appears = () => Math.floor(messages.length * (0.3 + random.next() * 0.5));
  return { histories, messages, rowAppearsAfter: new Map(unknown.map(({ matchId }) => [matchId, appears()])) };
}

/** Frames of a period that is over: inside one period the order of arrival is the truth. */
function lateFrames(known: readonly Frame[]): readonly Frame[] {
  const status = known.at(-1)?.status ?? 0;
  return known.filter((frame) => frame.status < status);
}

function lateFrame(known: readonly Frame[]): boolean {
  return lateFrames(known).length > 0;
}
