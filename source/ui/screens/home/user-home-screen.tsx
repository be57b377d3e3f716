import {countOf} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {muted} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {runningTasks, useTaskFeed, waitingTasks} from '../../tasks/task-feed.tsx';
import {usePasswordChange} from '../../use-password-change.ts';

/** All that a USER has: the accounts within the rights, the own tasks, the own password. */
export function UserHomeScreen() {
	const {actor, isReadOnly} = useSession();
	const {enter} = useInterface();
	const {width} = useBodySize();
	const feed = useTaskFeed();
	const changePassword = usePasswordChange();

	const menu = useMenu([
		{
			value: 'accounts',
			label: 'Accounts',
			remark: 'what your rights give: look, search, restore',
			choose() {
				enter({screen: 'accounts'});
			},
		},
		{
			value: 'queue',
			label: 'Tasks',
			remark: `yours: ${countOf(runningTasks(feed).length, 'task')} running, ${waitingTasks(feed).length} waiting`,
			choose() {
				enter({screen: 'queue'});
			},
		},
		{
			value: 'downloads',
			label: 'Downloads',
			remark: 'what was packed for you',
			choose() {
				enter({screen: 'downloads'});
			},
		},
		{
			value: 'password',
			label: 'Password',
			remark: 'change yours',
			choose: isReadOnly
				? 'Holdfast was started read-only.'
				: () => {
					changePassword(actor.name);
				},
		},
	]);
	const {choose, ...moves} = menu.handlers;
	const keys = useKeys('home', {...moves, open: choose, out: 'This is the first screen; q quits.'});

	return (
		<Screen info={[muted(' what is not within your restoration rights is not shown')]} keys={keys}>
			<Lines lines={[[]]} width={width}/>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}
