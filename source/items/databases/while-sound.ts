import {whileItAnswers, type AnswerOptions} from './while-it-answers.ts';
import {whileRoomLasts, type RoomOptions} from './while-room-lasts.ts';

/**
Imports into a server as long as there is room where it keeps its data, and it answers.
@throws Error that says what was missing, and what would help
*/
export const whileSound = async <Result>({ask, folder, signal}: AnswerOptions & RoomOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> =>
	whileItAnswers({ask, signal}, async answering => whileRoomLasts({folder, signal: answering}, work));
