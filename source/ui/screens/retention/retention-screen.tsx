import type {RetentionPreview} from '../../../actions/preview-retention.ts';
import type {RetentionDecision} from '../../../domain/retention.ts';
import type {RotatedBackup} from '../../../domain/rotation-digest.ts';
import {countOf} from '../../../domain/units.ts';
import {useDetails} from '../../components/details-pane.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {useList} from '../../list/use-list.ts';
import {wrapWords} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useWhyNot} from '../../use-change.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useReadingProgress} from '../../use-reading-progress.ts';
import {rotationFacts} from '../backup/backup-facts.ts';
import {
	retentionColumns,
	retentionList,
	whyOf,
	type RetentionRow,
} from './retention-list.ts';

/** Beyond it what is kept, or removed, is told account by account. */
const mostNamed = 5000;

/** What retention keeps and what the next cleanup removes, each with its reason. */
export function RetentionScreen({account}: {readonly account?: AccountReference | undefined}) {
	const {data, asked} = useSession();
	const {enter, confirm, notify} = useInterface();
	const {width: bodyWidth, height} = useBodySize();
	const act = useAct();
	const progress = useReadingProgress('Reading all backups');
	const {value, error} = useLoaded('retention', async signal => {
		const preview = await data.previewRetention({
			account: account?.uuid, mostNamed, onProgress: progress.begin(), signal,
		});

		return {
			rows: rowsOf(preview), removedCount: preview.removedCount, problems: preview.problems, jump: preview.jump,
		};
	});
	const list = useList({description: retentionList, items: value?.rows, height: height - headingHeight - footerHeight});
	const {focused} = list;
	const details = useDetails({about: focused && retentionList.idOf(focused), lines: width => focused?.type === 'backup' ? detailsOf(focused, width) : []});
	const whyNot = useWhyNot('any', 'backup');

	const keys = useKeys('retention', {
		...list.handlers,
		...details.handlers,
		open: focused === undefined
			? whyNothing(value, 'backup')
			: () => {
				act(async () => {
					enter(focused.type === 'backup' ? {screen: 'backup', backup: await data.showBackup(focused.backup.id)} : {screen: 'retention', account: focused});
				});
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
			columns={retentionColumns}
			description={retentionList}
			details={details}
			emptyText='There is no backup yet.'
			error={error}
			footer={footerOf(focused, bodyWidth)}
			keys={keys}
			list={list}
			remark={remarkOf(value)}
			waitingFor={value === undefined ? progress.words : undefined}
		/>
	);
}

const rowsOf = ({removed, removedOf, kept, keptOf}: RetentionPreview): readonly RetentionRow[] => [
	...removedOf.map((of): RetentionRow => ({type: 'account', isKept: false, ...of})),
	...[...removed, ...kept].map((decision): RetentionRow => ({type: 'backup', ...decision})),
	...keptOf.map((of): RetentionRow => ({type: 'account', isKept: true, ...of})),
];

const footerHeight = 2;

/** The whole reason, for which a row is too short. */
const footerOf = (focused: RetentionRow | undefined, width: number): readonly Line[] => {
	const lines = focused === undefined ? [] : wrapWords(whyOf(focused), width - 6);

	return Array.from({length: footerHeight}, (_, index): Line => [plain(`   ${lines[index] ?? ''}`)]);
};

const remarkOf = (value: {readonly removedCount: number; readonly problems: ReadonlyArray<{readonly message: string}>; readonly jump: string | undefined} | undefined): string => {
	if (value === undefined) {
		return '';
	}

	const remark = value.problems[0]?.message ?? value.jump;

	return remark === undefined ? `${countOf(value.removedCount, 'backup')} would be removed` : showSentence(remark);
};

const detailsOf = ({backup, isKept, reasons}: RetentionDecision<RotatedBackup>, width: number): readonly Line[] => [
	[strong(showTime(backup.createdAt))],
	[],
	...rotationFacts(backup),
	[],
	[isKept ? toned('good', 'Kept:') : toned('warning', 'Removed:')],
	...reasons.flatMap(reason => wrapWords(showSentence(reason), width - 2).map((text): Line => [plain(`  ${text}`)])),
];
