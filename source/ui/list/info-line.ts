import {formatBytes, formatCount} from '../../domain/units.ts';
import {glyph} from '../look/appearance.ts';
import {
	fit,
	fitLine,
	fitSides,
	widthOf,
} from '../look/fit.ts';
import {textOf, type Line} from '../look/span.ts';
import {summarizeMarks, type ListDescription, type ListState} from './list-state.ts';

type InfoLine<Item> = {readonly left: Line; readonly description: ListDescription<Item>; readonly state: ListState<Item>; readonly width: number};

/** Filter at the left, sort in the middle, marks and count at the right; the sort goes first where there is no room. */
export const infoLine = <Item>({left, description, state, width}: InfoLine<Item>): Line => {
	const right: Line = [...marksLine(description, state), {text: `${countWords(state)} `}];
	const sort = sortWords(description, state);
	const room = width - widthOf(textOf(right));
	const leftWidth = Math.max(widthOf(textOf(left)) + 2, Math.floor(width / 3));

	return room - leftWidth >= widthOf(sort)
		? [...fitLine(left, leftWidth), {text: fit(sort, room - leftWidth), isMuted: true}, ...right]
		: fitSides(left, right, width);
};

const sortWords = <Item>({sorts}: ListDescription<Item>, {sortIndex, isReversed}: ListState<Item>): string => {
	const {name, isDescending = false} = sorts[sortIndex]!;

	return `sort: ${name} ${glyph(isDescending === isReversed ? 'up' : 'down')}`;
};

const marksLine = <Item>(description: ListDescription<Item>, state: ListState<Item>): Line => {
	if (state.marks.size === 0) {
		return [];
	}

	const {count, hiddenCount, bytes} = summarizeMarks(description, state);
	const hidden = hiddenCount === 0 ? '' : ` (${formatCount(hiddenCount)} hidden)`;
	const size = description.bytesOf === undefined ? '' : `, ${formatBytes(bytes)}`;

	return [{text: `${formatCount(count)} marked${hidden}${size}`, tone: 'warning', isStrong: true}, {text: ` ${glyph('dot')} `}];
};

const countWords = <Item>({rows, items}: ListState<Item>): string => rows.length === items.length ? formatCount(items.length) : `${formatCount(rows.length)} of ${formatCount(items.length)}`;
