import type {ReactElement, ReactNode} from 'react';
import {Box} from 'ink';
import type {Line} from '../look/span.ts';
import type {Keys} from '../keys/use-keys.ts';
import {footerLine} from './footer.ts';
import {Lines} from './lines.tsx';
import {useBodySize} from './size.ts';
import {useChrome} from './chrome.ts';

export type ScreenProps = {
	readonly keys: Keys;
	/** Above the body: filter, sort, marks, or what this is about. */
	readonly info: Line | ReactElement;
	readonly children: ReactNode;
};

/** What is the same on every screen: header above, what runs and the keys below. */
export function Screen({keys, info, children}: ScreenProps) {
	const {header, status} = useChrome();
	const {width, height} = useBodySize();

	return (
		<Box flexDirection='column' width={width}>
			<Lines lines={[header]} width={width}/>
			{isLine(info) ? <Lines lines={[info]} width={width}/> : info}
			<Box flexDirection='column' flexShrink={0} height={height} width={width}>{children}</Box>
			<Lines lines={[status, footerLine(keys, width)]} width={width}/>
		</Box>
	);
}

const isLine = (info: Line | ReactElement): info is Line => Array.isArray(info);
