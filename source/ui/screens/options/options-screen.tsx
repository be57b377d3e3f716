import type {BackupView} from '../../../domain/backup-view.ts';
import {restoreCommand} from '../../../domain/restore-command.ts';
import {toSelection} from '../../../domain/selection-tree.ts';
import {countBasket, emptyBasket, type FolderTotalsOf} from '../../basket.ts';
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
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useCopy} from '../../use-copy.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {basketWords} from '../files/tree-columns.ts';
import {commandLines, planHeading} from './options-lines.ts';
import {
	reduceOptions,
	startOptions,
	toRequest,
	type OptionsEvent,
	type RestoreOptions,
} from './options-state.ts';
import {useOptionChoices, usePlanChoices} from './use-choices.ts';
import {usePreview} from './use-preview.ts';
import {useRestore} from './use-restore.ts';

/** How to restore, and what exactly that would do, before anything is done. */
export function OptionsScreen({backup}: {readonly backup: BackupView}) {
	const {baskets, totals} = useSession();
	const {width} = useBodySize();
	const copy = useCopy();
	const [options, dispatch] = useRememberedReducer<RestoreOptions, OptionsEvent>('options', reduceOptions, () => startOptions);
	const basket = baskets.get(backup.id) ?? emptyBasket;
	const request = toRequest(backup.id, toSelection(basket.tree), options);
	const plan = usePreview(request);
	const optionChoices = useOptionChoices({backup, options, dispatch});
	const menu = useMenu([...optionChoices, ...usePlanChoices(plan)]);
	const {choose, ...moves} = menu.handlers;

	const keys = useKeys('options', {
		...moves,
		change: choose,
		restore: useRestore({backup, request, plan}),
		copy() {
			copy(restoreCommand(request));
		},
	});

	const {length} = optionChoices;
	const chosen = countBasket(basket, totals.get(backup.id) ?? totalsOf(backup));

	return (
		<Screen info={[muted(` backup of ${showTime(backup.createdAt)}: `), strong(basketWords(chosen))]} keys={keys}>
			<Lines lines={[[], [strong(' OPTIONS')]]} width={width}/>
			<Menu index={menu.index < length ? menu.index : undefined} items={menu.items.slice(0, length)} width={width}/>
			<Lines lines={[[], planHeading(plan)]} width={width}/>
			{plan.error === undefined
				? <Menu index={menu.index < length ? undefined : menu.index - length} items={menu.items.slice(length)} width={width}/>
				: <Lines lines={errorLines(plan.error).map((line): Line => [plain(' '.repeat(3)), ...line])} width={width}/>}
			<Lines lines={commandLines(request, width)} width={width}/>
		</Screen>
	);
}

/** Before the backup was walked through. */
const totalsOf = ({fileCount, sizeBytes}: BackupView): FolderTotalsOf => new Map(fileCount === null || sizeBytes === null ? [] : [['', {files: fileCount, folders: 0, bytes: sizeBytes}]]);
