import {
	shownTotal,
	type RestoreAction,
	type RestorePreview,
} from '../../../domain/restore.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import {glyph} from '../../look/appearance.ts';
import {clip, wrapWords} from '../../look/fit.ts';
import {
	muted,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {actionMeanings} from './options-state.ts';
import type {Plan} from './use-preview.ts';

const mostCommandLines = 2;

/** `   12,345    1.2 GB   missing live`. */
export const totalWords = (preview: RestorePreview, action: RestoreAction): string => {
	const {count, bytes} = shownTotal(preview, action);

	return `${formatCount(count).padStart(9)}  ${(count === 0 ? '' : formatBytes(bytes)).padStart(8)}   ${actionMeanings[action]}`;
};

/** `done`: `restored`. */
export const planHeading = ({preview, error, isLoading}: Plan, done: string): Line => {
	if (error !== undefined) {
		return [strong(' PLAN'), toned('bad', `  this cannot be ${done} so:`)];
	}

	return preview === undefined || isLoading ? [strong(' PLAN'), muted(`  comparing with what is live ${glyph('ellipsis')}`)] : [strong(' PLAN'), muted(`  nothing is done yet; ${formatBytes(preview.spaceNeededBytes)} of space needed`)];
};

/** The command that does the same; what does not fit is copied all the same. */
export const commandLines = (command: string, width: number): readonly Line[] => {
	const lines = wrapWords(command, width - 6);
	const shown = lines.slice(0, mostCommandLines);
	const isCut = lines.length > mostCommandLines;

	return [[], ...shown.map((text, index): Line => [
		muted(index === 0 ? ' $ ' : ' '.repeat(3)),
		muted(isCut && index === mostCommandLines - 1 ? clip(`${text} ${lines[mostCommandLines]!}`, width - 6) : text),
	])];
};
