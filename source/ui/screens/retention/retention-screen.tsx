import type {RetentionDecision} from '../../../domain/retention.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {useDetails} from '../../components/details-pane.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useWhyNot} from '../../use-change.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {backupDetails} from '../backup/backup-facts.ts';
import {kindWords} from '../backups/backups-list.ts';

const retentionList: ListDescription<RetentionDecision> = {
	idOf: ({backup}) => backup.id,
	searchText: ({backup, isKept, reasons}) => [backup.id, showName(backup.account), kindWords[backup.kind], backup.job ?? '', isKept ? 'kept' : 'removed', ...reasons].join(' '),
	sorts: [
		{name: 'verdict', arrange: (decisions, isReversed) => isReversed ? decisions.toReversed() : decisions},
		sortBy('account', ({backup}) => backup.account),
		sortBy('date', ({backup}) => backup.createdAt, true),
		sortBy('size', ({backup}) => backup.sizeBytes, true),
	],
	bytesOf: ({backup}) => backup.storedBytes,
};

const columns: ReadonlyArray<Column<RetentionDecision>> = [
	{title: '', width: 8, cell: ({isKept}) => isKept ? toned('good', 'kept') : toned('warning', 'removed')},
	{title: 'ACCOUNT', width: {share: 1, least: 12}, cell: ({backup}) => plain(showName(backup.account))},
	{title: 'CREATED', width: 16, cell: ({backup}) => plain(showTime(backup.createdAt))},
	{
		title: 'SIZE', leaves: 1, width: 7, alignment: 'right', cell: ({backup}) => plain(formatBytes(backup.sizeBytes)),
	},
	{title: 'WHY', width: {share: 3, least: 30}, cell: ({reasons}) => muted(showSentence(reasons.join('; ')))},
];

/** What retention keeps and what the next cleanup removes, each with its reason. */
export function RetentionScreen() {
	const {data, asked} = useSession();
	const {enter, confirm, notify} = useInterface();
	const {width: bodyWidth, height} = useBodySize();
	const act = useAct();
	const {value, error} = useLoaded('retention', async () => {
		const {removed, kept, problems} = await data.previewRetention();

		return {decisions: [...removed, ...kept], removedCount: removed.length, problems};
	});
	const list = useList({description: retentionList, items: value?.decisions, height: height - headingHeight - footerHeight});
	const {focused} = list;
	const details = useDetails({about: focused?.backup.id, lines: width => focused === undefined ? [] : detailsOf(focused, width)});
	const whyNot = useWhyNot('any', 'backup');

	const keys = useKeys('retention', {
		...list.handlers,
		...details.handlers,
		open: focused === undefined
			? whyNothing(value, 'backup')
			: () => {
				enter({screen: 'backup', backup: focused.backup});
			},
		cleanUp: whyNot ?? (() => {
			act(async () => {
				const isAgreed = await confirm({
					title: 'Clean up now',
					lines: [[plain(`${countOf(value?.removedCount ?? 0, 'backup')} ${value?.removedCount === 1 ? 'is' : 'are'} removed, and what no backup needs is freed.`)]],
					act: 'clean up',
					command: 'holdfast cleanup',
				});

				if (!isAgreed) {
					return;
				}

				const {id} = await data.startCleanup();
				asked.add(id);
				notify({text: 'The cleanup is queued.', tone: 'good'});
			});
		}),
	});

	return (
		<ListScreen
			columns={columns}
			description={retentionList}
			details={details}
			emptyText='There is no backup yet.'
			error={error}
			footer={footerOf(focused, bodyWidth)}
			keys={keys}
			list={list}
			remark={remarkOf(value)}
			waitingFor={value === undefined ? 'Reading all backups' : undefined}
		/>
	);
}

const footerHeight = 2;

/** The whole reason, for which a row is too short. */
const footerOf = (focused: RetentionDecision | undefined, width: number): readonly Line[] => {
	const lines = focused === undefined ? [] : wrapWords(showSentence(focused.reasons.join('; ')), width - 6);

	return Array.from({length: footerHeight}, (_, index): Line => [plain(`   ${lines[index] ?? ''}`)]);
};

const remarkOf = (value: {readonly removedCount: number; readonly problems: ReadonlyArray<{readonly message: string}>} | undefined): string => {
	if (value === undefined) {
		return '';
	}

	return value.problems[0] === undefined ? `${countOf(value.removedCount, 'backup')} would be removed` : showSentence(value.problems[0].message);
};

const detailsOf = ({backup, isKept, reasons}: RetentionDecision, width: number): readonly Line[] => [
	...backupDetails(backup, width),
	[],
	[isKept ? toned('good', 'Kept:') : toned('warning', 'Removed:')],
	...reasons.flatMap(reason => wrapWords(showSentence(reason), width - 2).map((text): Line => [plain(`  ${text}`)])),
];
