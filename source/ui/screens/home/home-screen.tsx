import {toText} from '../../../domain/raw-name.ts';
import {Lines} from '../../components/lines.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {
	arrayRows,
	firstShown,
	focusedRow,
	followRows,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../../list/cursor.ts';
import {movingHandlers} from '../../list/use-list.ts';
import {plain} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {
	runningTasks,
	speedOf,
	useTaskFeed,
	waitingTasks,
} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useReadingProgress} from '../../use-reading-progress.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {homeRows, type HomeRow, type HomeTarget} from './home-rows.ts';

const idOf = ({id}: HomeRow) => id;

/** What to look at first: problems, what runs, space; and the way to everything else. */
export function HomeScreen() {
	const {data, now} = useSession();
	const {width, height} = useBodySize();
	const feed = useTaskFeed();
	const open = useOpenTarget();
	const progress = useReadingProgress('Looking at accounts, tasks and destinations');
	const {value: status, error} = useLoaded('status', async () => data.readStatus({onProgress: progress.begin()}));

	const rows = homeRows({
		status,
		waitingFor: progress.words,
		error: error?.message,
		running: runningTasks(feed).map(task => ({task, speed: speedOf(feed, task)})),
		waitingCount: waitingTasks(feed).length,
		now: now(),
	});

	const list = arrayRows(rows.filter(({target}) => target !== undefined), idOf);
	const [moved, move] = useRememberedReducer<Cursor, Movement>('home', (current, movement) => moveCursor(list, followRows(list, current), {movement, height}), () => ({...startCursor, id: 'place:accounts'}));
	const cursor = followRows(list, moved);
	const focused = focusedRow(list, cursor);

	const keys = useKeys('home', {
		...movingHandlers(move),
		open: focused?.target === undefined
			? 'There is nothing to open.'
			: () => {
				open(focused.target!);
			},
		out: 'This is the first screen; q quits.',
	});

	const focusedLine = focused === undefined ? 0 : rows.indexOf(focused);
	const first = firstShown({id: undefined, index: focusedLine, top: 0}, {rowCount: rows.length, height});

	return (
		<Screen info={[]} keys={keys}>
			<Lines height={height} lines={rows.slice(first, first + height).map(row => row.line(row === focused))} width={width}/>
		</Screen>
	);
}

const useOpenTarget = () => {
	const {data} = useSession();
	const {enter, tell} = useInterface();
	const act = useAct();

	return (target: HomeTarget) => {
		switch (target.type) {
			case 'screen': {
				enter({screen: target.screen});
				return;
			}

			case 'task': {
				enter({screen: 'task', task: target.id});
				return;
			}

			case 'account': {
				act(async () => {
					const {uuid, name} = await data.showAccount(toText(target.name));
					enter({screen: 'account', account: {uuid, name}});
				});
				return;
			}

			case 'problem': {
				const {message, hint} = target.problem;
				tell({title: 'Problem', lines: [[plain(message)], ...(hint === null ? [] : [[], [plain(hint)]])]});
			}
		}
	};
};
