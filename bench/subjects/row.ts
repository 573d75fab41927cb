export interface FeedItem {
  readonly id: string;
  readonly score: readonly [id: string, status: number, home: Slots, away: Slots, kickoffS: number];
}

type Slots = readonly [number, number, number, number, number, number, number];

/** The columns readers use, which the library writes too: all subjects do the same work on the row. */
export const ROW_COLUMNS = [
  'status_id',
  'home_scores',
  'away_scores',
  'home_score_display',
  'away_score_display',
  'home_score_regular',
  'away_score_regular',
  'home_score_overtime',
  'away_score_overtime',
  'home_score_penalties',
  'away_score_penalties',
  'home_red_cards',
  'away_red_cards',
  'home_yellow_cards',
  'away_yellow_cards',
  'home_corners',
  'away_corners',
  'home_score_source',
  'away_score_source',
  'home_score_timestamp',
  'away_score_timestamp',
  'last_update_source',
  'last_event_ts',
  'minute',
] as const;

/** Values for {@link ROW_COLUMNS}; JSON columns as text. */
export function rowValues({ score }: FeedItem): (string | number)[] {
  const [, status, home, away] = score;
  const nowS = Math.floor(Date.now() / 1000);
  return [
    status,
    JSON.stringify(home),
    JSON.stringify(away),
    display(home),
    display(away),
    home[0],
    away[0],
    home[5],
    away[5],
    home[6],
    away[6],
    home[2],
    away[2],
    home[3],
    away[3],
    home[4],
    away[4],
    'mqtt',
    'mqtt',
    nowS,
    nowS,
    'mqtt',
    nowS,
    minuteOf(score),
  ];
}

/** Of a second half without stoppage time. */
export function minuteOf([, , , , kickoffS]: FeedItem['score']): number {
  return 46 + Math.floor((Date.now() / 1000 - kickoffS) / 60);
}

function display(slots: Slots): number {
  return (slots[5] === 0 ? slots[0] : slots[5]) + slots[6];
}
