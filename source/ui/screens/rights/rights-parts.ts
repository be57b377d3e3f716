import {parseFullPath} from '../../../domain/full-path.ts';
import type {RightsChange} from '../../../domain/rights-change.ts';
import type {Effect, Rights} from '../../../domain/rights.ts';
import type {RightsEvent, RightsState} from './rights-state.ts';

/** What the parts of the screen share. */
export type RightsParts = {
	readonly user: string;
	readonly state: RightsState;
	/** With what was changed; `undefined` until they are read. */
	readonly rights: Rights | undefined;
	readonly dispatch: (event: RightsEvent) => void;
	readonly change: (change: RightsChange) => void;
};

export const toRights = ({default: effect, exceptions}: {readonly default: Effect; readonly exceptions: ReadonlyArray<{readonly path: string; readonly effect: Effect}>}): Rights => ({
	default: effect, exceptions: exceptions.map(({path, effect: own}) => ({path: parseFullPath(path), effect: own})),
});
