import type {ActionDispatch} from 'react';
import {Lines} from '../components/lines.tsx';
import {useScreenSize} from '../components/size.ts';
import {useTextField} from '../fields/use-text-field.ts';
import {showKey} from '../keys/key-name.ts';
import type {Line} from '../look/span.ts';
import {infoLine} from './info-line.ts';
import type {ListDescription, ListEvent, ListState} from './list-state.ts';

export type ListInfoProps<Item> = {
	readonly description: ListDescription<Item>;
	readonly state: ListState<Item>;
	readonly dispatch: ActionDispatch<[event: ListEvent<Item>]>;
	/** Said at the right when there is no filter: `3 system accounts hidden`. */
	readonly remark?: string | undefined;
};

/** The line above a list: filter, sort, marks and count, always. */
export function ListInfo<Item>({description, state, dispatch, remark = ''}: ListInfoProps<Item>) {
	const {width} = useScreenSize();

	if (state.isFilterOpen) {
		return <OpenFilter description={description} dispatch={dispatch} state={state}/>;
	}

	const filter: Line = state.filter === '' ? [{text: ` ${remark}`, isMuted: true}] : [{text: ' / filter: ', isMuted: true}, {text: state.filter, isStrong: true}];

	return <Lines lines={[infoLine({
		left: filter, description, state, width,
	})]} width={width}/>;
}

function OpenFilter<Item>({description, state, dispatch}: Omit<ListInfoProps<Item>, 'remark'>) {
	const {width} = useScreenSize();
	const {line} = useTextField({
		text: state.filter,
		level: 'field',
		isModal: false,
		takesPaste: true,
		onChange(filter) {
			dispatch({type: 'filtered', filter});
		},
		keys: {
			enter() {
				dispatch({type: 'filterClosed'});
			},
			escape() {
				dispatch({type: 'filtered', filter: ''});
				dispatch({type: 'filterClosed'});
			},
		},
	});

	return <Lines lines={[infoLine({
		left: [{text: ' / filter: ', tone: 'accent'}, ...line, {text: `  ${showKey('enter')} keep  ${showKey('escape')} clear`, isMuted: true}], description, state, width,
	})]} width={width}/>;
}
