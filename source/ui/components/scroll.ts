import type {Movement} from '../list/cursor.ts';

/** The first line shown after a movement: a page of text is moved, not a row. */
export const scrollTo = (top: number, movement: Movement, {lineCount, height}: {readonly lineCount: number; readonly height: number}): number => {
	const last = Math.max(0, lineCount - height);

	switch (movement.type) {
		case 'by': {
			return Math.max(0, Math.min(last, top + movement.rows));
		}

		case 'pages': {
			return Math.max(0, Math.min(last, top + (movement.pages * Math.max(1, height - 1))));
		}

		case 'first': {
			return 0;
		}

		case 'last': {
			return last;
		}

		case 'to': {
			return top;
		}
	}
};
