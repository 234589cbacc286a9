// The answer of each question in one sentence, over all the data, for the start page. The same snapshot always gives the same answers,
// so they are worked out once for each snapshot, and each part of it that readers may see, and kept.

import { noFilters, type LakeReader, type Question } from '../../core/index.ts';

export interface QuestionBrief {
  id: string;
  title: string;
  /** Null where the question could not be answered now. */
  sentence: string | null;
}

const partOf = ({ limits }: LakeReader): string => (limits ? `${limits.people} ${[...limits.feeds].toSorted().join(' ')}` : 'all');

export type ReadBriefs = (lake: LakeReader, questions: readonly Question[]) => Promise<QuestionBrief[]>;

export function createBriefs(noteFailure: (questionId: string, error: unknown) => void): ReadBriefs {
  let snapshot = '';
  let kept = new Map<string, Promise<QuestionBrief>>();
  const ask = async (lake: LakeReader, question: Question, key: string): Promise<QuestionBrief> => {
    const { id, title } = question;
    try {
      const answer = await question.answer(lake, { ...noFilters }, {});
      return { id, title, sentence: answer.sentence };
    } catch (error) {
      noteFailure(id, error);
      kept.delete(key);
      return { id, title, sentence: null };
    }
  };
  return (lake, questions) => {
    if (lake.snapshot.id !== snapshot) {
      snapshot = lake.snapshot.id;
      kept = new Map();
    }
    return Promise.all(
      questions.map((question) => {
        const key = `${question.id} ${partOf(lake)}`;
        const brief = kept.get(key) ?? ask(lake, question, key);
        kept.set(key, brief);
        return brief;
      }),
    );
  };
}
