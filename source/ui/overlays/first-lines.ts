import {plain, type Line} from '../look/span.ts';

const mostShown = 8;

/** What an act is about, for its question: a line for each of the first, and how many more there are. */
export const firstLines = <Item>(items: readonly Item[], lineOf: (item: Item) => Line): readonly Line[] => [
	...items.slice(0, mostShown).map(item => lineOf(item)),
	...(items.length > mostShown ? [[plain(`and ${items.length - mostShown} more`)]] : []),
];
