package io.millrace.engine.access;

import java.util.List;

/**
 * One condition of a statement: an operator, a key and the values that it is held against.
 *
 * @param quantifier which of several values have to fit
 * @param operator how values are compared
 * @param ifExists whether it holds when the key is absent
 * @param key the key, in lower case
 * @param wanted the values, of which one has to fit, or with a negated operator none may
 */
record Condition(
    Quantifier quantifier,
    ConditionOperator operator,
    boolean ifExists,
    String key,
    List<String> wanted) {

  /** The longest value that is compared, which bounds the work of a call. */
  static final int MAX_VALUE_LENGTH = 1024;

  /** Which of the values of a key that may have several have to fit. */
  enum Quantifier {
    /** The only one. */
    ONE,
    /** All there are. */
    ALL,
    /** At least one. */
    ANY
  }

  Condition {
    wanted = List.copyOf(wanted);
  }

  /**
   * A key that is not known here makes it unknown, and so does a value that cannot be compared: one
   * of the wrong form, or of more than {@value #MAX_VALUE_LENGTH} characters.
   */
  Truth holds(AccessRequest request) {
    if (!ConditionKeys.isKnown(key)) {
      return Truth.UNKNOWN;
    }
    List<String> actual = request.values(key);
    if (operator == ConditionOperator.NULL) {
      return Truth.of(wanted.contains(Boolean.toString(actual.isEmpty())));
    }
    if (actual.isEmpty()) {
      return ofAbsent();
    }
    if (quantifier == Quantifier.ONE && actual.size() > 1) {
      return Truth.UNKNOWN;
    }
    if (actual.stream().anyMatch(value -> value.length() > MAX_VALUE_LENGTH)) {
      return Truth.UNKNOWN;
    }
    try {
      return Truth.of(
          quantifier == Quantifier.ANY
              ? actual.stream().anyMatch(this::fits)
              : actual.stream().allMatch(this::fits));
    } catch (IllegalArgumentException notComparable) {
      return Truth.UNKNOWN;
    }
  }

  private Truth ofAbsent() {
    return switch (quantifier) {
      case ALL -> Truth.TRUE;
      case ANY -> Truth.of(ifExists);
      case ONE -> Truth.of(ifExists || operator.isNegated());
    };
  }

  private boolean fits(String actual) {
    return wanted.stream().anyMatch(one -> operator.matches(actual, one)) != operator.isNegated();
  }
}
