import type {ActionDispatch} from 'react';
import type {SubtreeTotal} from '../../../domain/selection-tree.ts';
import {formatCount} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {useScreenSize} from '../../components/size.ts';
import {useTextField} from '../../fields/use-text-field.ts';
import {showKey} from '../../keys/key-name.ts';
import {glyph} from '../../look/appearance.ts';
import {fitSides} from '../../look/fit.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {basketWords} from './tree-columns.ts';
import type {FilesEvent, FilesState, Search} from './tree-state.ts';

export type FilesInfoProps = {
	readonly state: FilesState;
	readonly basket: SubtreeTotal | undefined;
	readonly dispatch: ActionDispatch<[event: FilesEvent]>;
};

/** The line above the tree: the search or the sort at the left, the basket at the right. */
export function FilesInfo({state, basket, dispatch}: FilesInfoProps) {
	const {width} = useScreenSize();
	const right = basketLine(state, basket);

	if (state.search?.isOpen) {
		return <SearchField dispatch={dispatch} right={right} search={state.search}/>;
	}

	const left = state.search === undefined ? sortLine(state) : [muted(' / search: '), strong(state.search.text), foundSpan(state.search)];

	return <Lines lines={[fitSides(left, right, width)]} width={width}/>;
}

function SearchField({search, dispatch, right}: {readonly search: Search; readonly dispatch: FilesInfoProps['dispatch']; readonly right: Line}) {
	const {width} = useScreenSize();
	const {line} = useTextField({
		text: search.text,
		level: 'field',
		isModal: false,
		takesPaste: true,
		onChange(text) {
			dispatch({type: 'searched', text});
		},
		keys: {
			enter() {
				dispatch({type: 'searchAccepted'});
			},
			escape() {
				dispatch({type: 'searchEnded'});
			},
		},
	});

	return <Lines lines={[fitSides([toned('accent', ' / search: '), ...line, foundSpan(search), muted(`  ${showKey('enter')} keep`)], right, width)]} width={width}/>;
}

const foundSpan = ({text, found, isDone, isCut}: Search) => {
	const count = `${formatCount(found.length)}${isCut ? ' or more' : ''} found`;

	return muted(text === '' ? '' : `  ${count}${isDone ? '' : ` ${glyph('ellipsis')}`}`);
};

const sortLine = ({sort, isReversed}: FilesState): Line => [muted(` sort: ${sort} ${glyph((sort === 'name') === isReversed ? 'down' : 'up')}`)];

const basketLine = (state: FilesState, basket: SubtreeTotal | undefined): Line => state.basket.tree.size === 0
	? [muted('nothing ticked ')]
	: [plain('ticked: '), {text: `${basketWords(basket)} `, tone: 'accent', isStrong: true}];
