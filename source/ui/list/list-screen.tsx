import {Panes, type Details} from '../components/details-pane.tsx';
import {Screen} from '../components/screen.tsx';
import {useBodySize} from '../components/size.ts';
import type {Keys} from '../keys/use-keys.ts';
import {ListBody, type ListBodyProps} from './list-body.tsx';
import {ListInfo} from './list-info.tsx';
import type {List} from './use-list.ts';

export type ListScreenProps<Item> = Pick<ListBodyProps<Item>, 'description' | 'columns' | 'waitingFor' | 'error' | 'emptyText' | 'footer'> & {
	readonly list: List<Item>;
	readonly keys: Keys;
	/** Above the list, where there is no filter. */
	readonly remark: string;
	readonly details?: Details | undefined;
};

/** A screen that is one list, with details beside it where there is room. */
export function ListScreen<Item>({list, keys, remark, details, description, ...body}: ListScreenProps<Item>) {
	const {width} = useBodySize();

	return (
		<Screen info={<ListInfo description={description} dispatch={list.dispatch} remark={remark} state={list.state}/>} keys={keys}>
			<Panes pane={details?.pane}>
				<ListBody {...body} description={description} state={list.state} width={details?.listWidth ?? width}/>
			</Panes>
		</Screen>
	);
}
