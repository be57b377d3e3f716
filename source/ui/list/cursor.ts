/** Where a list, tree or table stands. The focus is an id, so that it stays on its row when rows come, go or change places. */
export type Cursor = {
	readonly id: string | undefined;
	/** Where the id was last; what is there now gets the focus if the id is gone. */
	readonly index: number;
	/** First row shown. */
	readonly top: number;
};

export type Movement =
	| {readonly type: 'by'; readonly rows: number}
	| {readonly type: 'pages'; readonly pages: number}
	| {readonly type: 'first'}
	| {readonly type: 'last'}
	| {readonly type: 'to'; readonly id: string};

/** What a cursor moves through; a tree of a million entries makes its rows when they are asked for. */
export type Rows<Row> = {
	readonly count: number;
	/** From 0; `undefined` outside. */
	readonly at: (index: number) => Row | undefined;
	readonly idOf: (row: Row) => string;
	/** -1 when there is none. */
	readonly indexOf: (id: string) => number;
};

export const arrayRows = <Row>(rows: readonly Row[], idOf: (row: Row) => string): Rows<Row> => ({
	count: rows.length,
	at: index => rows[index],
	idOf,
	indexOf: id => rows.findIndex(row => idOf(row) === id),
});

export const startCursor: Cursor = {id: undefined, index: 0, top: 0};

export const focusedRow = <Row>(rows: Rows<Row>, cursor: Cursor): Row | undefined => rows.at(placeOf(rows, cursor));

/** `height`: how many rows the screen shows. */
export const moveCursor = <Row>(list: Rows<Row>, cursor: Cursor, {movement, height}: {readonly movement: Movement; readonly height: number}): Cursor => {
	const place = placeOf(list, cursor);

	return cursorAt(list, {index: target(list, {movement, place, height}), top: cursor.top, height});
};

/** The cursor after the rows changed: on the same id, else on what took its place. */
export const followRows = <Row>(list: Rows<Row>, cursor: Cursor): Cursor => {
	const index = placeOf(list, cursor);
	const shift = index - cursor.index;

	return {id: idAt(list, index), index, top: Math.max(0, cursor.top + shift)};
};

/** The first row shown: never past the end, never so that the focus is outside. */
export const firstShown = (cursor: Cursor, {rowCount, height}: {readonly rowCount: number; readonly height: number}): number => {
	const top = Math.min(cursor.top, cursor.index);
	const fitting = Math.max(top, cursor.index - height + 1);

	return Math.max(0, Math.min(fitting, rowCount - height));
};

const placeOf = <Row>(rows: Rows<Row>, {id, index}: Cursor): number => {
	if (id === undefined || idAt(rows, index) === id) {
		return clamp(index, rows.count);
	}

	const found = rows.indexOf(id);

	return found === -1 ? clamp(index, rows.count) : found;
};

type Target = {readonly movement: Movement; readonly place: number; readonly height: number};

const target = <Row>(rows: Rows<Row>, {movement, place, height}: Target): number => {
	switch (movement.type) {
		case 'by': {
			return place + movement.rows;
		}

		case 'pages': {
			return place + (movement.pages * Math.max(1, height - 1));
		}

		case 'first': {
			return 0;
		}

		case 'last': {
			return rows.count - 1;
		}

		case 'to': {
			const found = rows.indexOf(movement.id);

			return found === -1 ? place : found;
		}
	}
};

const cursorAt = <Row>(list: Rows<Row>, {index, top, height}: {readonly index: number; readonly top: number; readonly height: number}): Cursor => {
	const place = clamp(index, list.count);
	const cursor = {id: idAt(list, place), index: place, top};

	return {...cursor, top: firstShown(cursor, {rowCount: list.count, height})};
};

const idAt = <Row>({at, idOf}: Rows<Row>, index: number): string | undefined => {
	const row = at(index);

	return row === undefined ? undefined : idOf(row);
};

const clamp = (index: number, count: number): number => Math.max(0, Math.min(index, count - 1));
