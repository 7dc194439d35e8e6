package io.millrace.engine.access;

import java.util.List;
import java.util.Locale;

/**
 * One statement of a policy.
 *
 * @param effect what it does when it applies
 * @param principals whom it is about; in a policy of an identity, everyone
 * @param actions which actions it is about, in lower case
 * @param resources which resources it is about
 * @param conditions what has to be so besides
 */
record PolicyStatement(
    Effect effect,
    Selection principals,
    Selection actions,
    Selection resources,
    List<Condition> conditions) {

  PolicyStatement {
    conditions = List.copyOf(conditions);
  }

  /**
   * Patterns, or all but what they match.
   *
   * @param isInverted whether it is the others that are meant: {@code NotAction} and the like
   */
  record Selection(List<String> patterns, boolean isInverted) {

    static final Selection EVERYTHING = new Selection(List.of("*"), false);

    Selection {
      patterns = List.copyOf(patterns);
    }

    boolean selects(String text) {
      return patterns.stream().anyMatch(pattern -> Glob.matches(pattern, text)) != isInverted;
    }

    boolean selects(AccessPrincipal principal) {
      return patterns.stream().anyMatch(pattern -> names(pattern, principal)) != isInverted;
    }

    /** Everyone, an account as a whole in two spellings, or one principal. */
    private static boolean names(String pattern, AccessPrincipal principal) {
      return pattern.equals("*")
          || pattern.equals(principal.accountId())
          || pattern.equals(principal.arn())
          || (pattern.startsWith("arn:")
              && pattern.endsWith(":iam::" + principal.accountId() + ":root"));
    }
  }

  Truth applies(AccessRequest request) {
    boolean isAbout =
        principals.selects(request.principal())
            && actions.selects(request.action().toLowerCase(Locale.ROOT))
            && resources.selects(request.resource());
    Truth truth = Truth.of(isAbout);
    for (Condition condition : conditions) {
      truth = truth.and(condition.holds(request));
    }
    return truth;
  }
}
