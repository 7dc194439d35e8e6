package io.millrace.processors.api;

import java.util.List;

/**
 * Which records a mapping delivers: those that match one of the patterns, or all where there is no
 * pattern. What a pattern can say is published with event filtering of AWS Lambda; the metadata of
 * a record stands at the top, and its data, as JSON, beneath {@code data}.
 *
 * @param patterns JSON objects; at most {@value #MAX_PATTERNS} of at most {@value
 *     #MAX_PATTERN_CHARACTERS} characters
 */
public record FilterCriteria(List<String> patterns) {

  /** How many patterns a mapping can have. */
  public static final int MAX_PATTERNS = 5;

  /** How long a pattern can be. */
  public static final int MAX_PATTERN_CHARACTERS = 4096;

  /** Every record is delivered. */
  public static final FilterCriteria NONE = new FilterCriteria(List.of());

  public FilterCriteria {
    patterns = List.copyOf(patterns);
    Bounds.check("FilterCriteria.Filters", patterns.size(), 0, MAX_PATTERNS);
    for (String pattern : patterns) {
      Bounds.check("The length of a filter's Pattern", pattern.length(), 0, MAX_PATTERN_CHARACTERS);
    }
  }

  /** Records that match one of these patterns. */
  public static FilterCriteria of(String... patterns) {
    return new FilterCriteria(List.of(patterns));
  }
}
