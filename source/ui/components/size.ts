import {useWindowSize} from 'ink';

export type Size = {readonly width: number; readonly height: number};

/** The lines around a screen's body: header, information, what runs now, keys. */
const linesAround = 4;

/** Below this nothing can be shown that is worth acting on. */
export const leastSize: Size = {width: 60, height: 15};

/** From this width on there are two panes. */
export const twoPaneWidth = 100;

export const useScreenSize = (): Size => {
	const {columns, rows} = useWindowSize();

	return {width: columns, height: rows};
};

export const useBodySize = (): Size => {
	const {width, height} = useScreenSize();

	return {width, height: Math.max(1, height - linesAround)};
};
