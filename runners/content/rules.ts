import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { lessonsIn } from '../workshop/lessons/load.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';
import type { Finding } from './finding.ts';
import { strayFindings } from './stray.ts';
import { materialFiles, styleFindings } from './style.ts';
import { textFindings } from './texts.ts';

/** What the rules are applied to. */
export type Content = {
  readonly lessons: readonly NamedLesson[];
  /** All stories of the lessons' labs. */
  readonly stories: readonly NamedLab[];
  /** Those in which exercises are tried. */
  readonly languages: readonly NamedLanguage[];
  /** All that there are, flavours left out. */
  readonly known: readonly NamedLanguage[];
};

/** Applies the rules that need no run. */
export async function ruleFindings({
  lessons,
  stories,
  languages,
  known,
}: Content): Promise<Finding[]> {
  const styles = languages.map(async (language) => {
    const own = await lessonsIn(lessons, language);
    const files = own.flatMap(({ tasks }) =>
      tasks.flatMap((task) => materialFiles(task, language)),
    );
    return await styleFindings(language, [...new Set(files)]);
  });
  const found = await Promise.all([strayFindings(lessons, known), ...styles]);
  return [...textFindings(lessons, stories), ...found.flat()];
}
