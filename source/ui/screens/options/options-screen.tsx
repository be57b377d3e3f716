import type {BackupView} from '../../../domain/backup-view.ts';
import {restoreCommand} from '../../../domain/restore-command.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu} from '../../components/use-menu.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {
	muted,
	plain,
	strong,
	type Line,
} from '../../look/span.ts';
import {showName} from '../../look/name.ts';
import {showTime} from '../../look/time.ts';
import type {ChosenRestore} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useCopy} from '../../use-copy.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {isEverything} from '../items/chosen-items.ts';
import {commandLines, planHeading} from './options-lines.ts';
import {
	reduceOptions,
	startOptions,
	toAsked,
	toRequest,
	type OptionsEvent,
	type RestoreOptions,
} from './options-state.ts';
import {useOptionChoices, usePlanChoices} from './use-choices.ts';
import {usePreview} from './use-preview.ts';
import {useRestore} from './use-restore.ts';

/** How to restore, and what exactly that would do, before anything is done. */
export function OptionsScreen({backup, chosen}: {readonly backup: BackupView; readonly chosen: ChosenRestore}) {
	const {data} = useSession();
	const {width} = useBodySize();
	const copy = useCopy();
	const [options, dispatch] = useRememberedReducer<RestoreOptions, OptionsEvent>('options', reduceOptions, () => startOptions);
	const {value: conditions = []} = useLoaded('conditions', async () => data.listConditions());
	const request = toRequest(backup.id, chosen, options);
	const command = restoreCommand(toAsked({...request, ...isEverything(backup, chosen) && {items: []}}, options, showName(backup.account)));
	const plan = usePreview(JSON.stringify(request), async signal => data.previewRestore(request, signal));
	const optionChoices = useOptionChoices({
		backup, options, dispatch, conditions,
	});
	const menu = useMenu([...optionChoices, ...usePlanChoices(plan.preview)]);
	const {choose, ...moves} = menu.handlers;

	const keys = useKeys('options', {
		...moves,
		change: choose,
		restore: useRestore({
			backup, request, options, conditions, command, plan,
		}),
		copy() {
			copy(command);
		},
	});

	const {length} = optionChoices;

	return (
		<Screen info={[muted(` backup of ${showTime(backup.createdAt)}: `), strong(chosen.words)]} keys={keys}>
			<Lines lines={[[strong(' OPTIONS')]]} width={width}/>
			<Menu index={menu.index < length ? menu.index : undefined} items={menu.items.slice(0, length)} width={width}/>
			<Lines lines={[[], planHeading(plan, 'restored')]} width={width}/>
			{plan.error === undefined
				? <Menu index={menu.index < length ? undefined : menu.index - length} items={menu.items.slice(length)} width={width}/>
				: <Lines lines={errorLines(plan.error).map((line): Line => [plain(' '.repeat(3)), ...line])} width={width}/>}
			<Lines lines={commandLines(command, width)} width={width}/>
		</Screen>
	);
}
