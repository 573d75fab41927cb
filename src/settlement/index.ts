export { type SettledPrediction, SettledPredictions } from '../contracts/settled-predictions.js';
export {
  type ForeignResult,
  PredictionRepository,
  type PredictionText,
  type Ruling,
  type SettledSoFar,
  type SettlementStep,
  type SettlementWritten,
  type SweepPage,
  UNFINISHED,
  type UnsettledMatch,
  type WorkingMode,
} from './ports/prediction-repository.js';
export { SettlementFollowUp } from './ports/settlement-follow-up.js';
