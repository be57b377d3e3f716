import type {RollbackPreview} from '../../../domain/rollback.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {countOf} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {taskTitle} from '../../tasks/task-words.ts';
import {errorLines, useAct} from '../../use-act.ts';
import {useCopy} from '../../use-copy.ts';
import {commandLines, planHeading} from '../options/options-lines.ts';
import {usePlanChoices} from '../options/use-choices.ts';
import {usePreview, type Plan} from '../options/use-preview.ts';
import {previewLines} from '../options/use-restore.ts';

/** Changed paths that are named; the rest are counted. */
const pathsShown = 4;

/** What undoing a restore would do, before anything is done. */
export function RollbackScreen({task}: {readonly task: TaskView}) {
	const {data} = useSession();
	const {width} = useBodySize();
	const copy = useCopy();
	const plan = usePreview(task.id, async signal => data.previewRollback(task.id, signal));
	const menu = useMenu(usePlanChoices(plan.preview));
	const {choose, ...moves} = menu.handlers;
	const command = `holdfast rollback ${task.id}`;

	const keys = useKeys('rollback', {
		...moves,
		open: choose,
		rollBack: useRollBack(task, plan, command),
		copy() {
			copy(command);
		},
	});

	return (
		<Screen info={[plain(' undoes: '), strong(taskTitle(task)), muted(`  task ${task.id} of ${showTime(task.queuedAt)}`)]} keys={keys}>
			<Lines lines={[planHeading(plan, 'rolled back')]} width={width}/>
			{plan.error === undefined
				? <Menu index={menu.index} items={menu.items} width={width}/>
				: <Lines lines={errorLines(plan.error).map((line): Line => [plain(' '.repeat(3)), ...line])} width={width}/>}
			<Lines lines={[...plan.preview === undefined ? [] : concernLines(plan.preview, width), ...commandLines(command, width)]} width={width}/>
		</Screen>
	);
}

/** What was changed since, and what cannot be undone. */
const concernLines = ({changedSince: {count, paths}, cannotUndo}: RollbackPreview, width: number): readonly Line[] => [
	[],
	[count === 0 ? muted('   No file that it brought was changed since.') : toned('warning', `   ${countOf(count, 'path')} changed or removed since; what was before takes their place:`)],
	...paths.slice(0, pathsShown).map((path): Line => [plain(`     ${showName(path)}`)]),
	...(count > pathsShown ? [[muted(`     and ${count - pathsShown} more`)]] : []),
	...cannotUndo.flatMap(sentence => wrapWords(`Cannot be undone: ${showSentence(sentence)}`, width - 6)).map((text): Line => [toned('warning', `   ${text}`)]),
];

const useRollBack = (task: TaskView, {preview, error, isLoading}: Plan<RollbackPreview>, command: string): Handler => {
	const {data, server} = useSession();
	const {confirm, replace} = useInterface();
	const act = useAct();

	if (error !== undefined) {
		return error.message;
	}

	if (preview === undefined || isLoading) {
		return 'The plan is still being made.';
	}

	const name = task.account === null ? '' : showName(task.account);

	return () => {
		act(async () => {
			const isConfirmed = await confirm({
				title: `Undo ${task.kind} ${task.id} of ${name} on ${server}`,
				lines: [...previewLines(preview), ...(preview.changedSince.count === 0 ? [] : [[toned('warning', `${countOf(preview.changedSince.count, 'path')} changed since by others come back as they were.`)]])],
				act: 'roll it back',
				command: `${command} --yes`,
				nameToType: preview.overwrite.count + preview.delete.count > 0 ? name : undefined,
			});

			if (!isConfirmed) {
				return;
			}

			const {id} = await data.startRollback(task.id);
			replace({screen: 'task', task: id});
		});
	};
};
