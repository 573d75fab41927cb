import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import { category } from './category.js';
import { coach } from './coach.js';
import { competition } from './competition.js';
import { country } from './country.js';
import { player } from './player.js';
import { referee } from './referee.js';
import { season } from './season.js';
import { stage } from './stage.js';
import { team } from './team.js';
import { venue } from './venue.js';

/** Every entity that is a list of the provider, parents first. A new one is a file here. */
export const ENTITIES: readonly EntityDefinition[] = [
  category,
  country,
  season,
  stage,
  competition,
  venue,
  team,
  coach,
  referee,
  player,
];
