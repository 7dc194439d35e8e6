package io.millrace.testkit;

import java.security.SecureRandom;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands each test a {@link Seed}: the one in the system property {@value #PROPERTY}, or a new one.
 * Prints it when the test fails. Use with {@code @ExtendWith(Seeds.class)} and a parameter of type
 * {@link Seed}.
 */
public final class Seeds implements ParameterResolver, AfterTestExecutionCallback {

  /** The system property that fixes the seed. */
  public static final String PROPERTY = "millrace.seed";

  private static final Namespace NAMESPACE = Namespace.create(Seeds.class);

  /** A seed from the system property, or else a new one. */
  public static Seed next() {
    String given = System.getProperty(PROPERTY);
    return new Seed(
        given == null || given.isBlank()
            ? new SecureRandom().nextInt(Integer.MAX_VALUE)
            : Long.parseLong(given.strip()));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Seed.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(NAMESPACE).getOrComputeIfAbsent(Seed.class, type -> next());
  }

  @Override
  @SuppressWarnings("SystemOut") // where whoever runs the test looks
  public void afterTestExecution(ExtensionContext context) {
    Seed seed = context.getStore(NAMESPACE).get(Seed.class, Seed.class);
    if (seed != null && context.getExecutionException().isPresent()) {
      System.out.printf(
          "%s failed with seed %s; to have the same choices again: -D%s=%s%n",
          context.getDisplayName(), seed, PROPERTY, seed);
    }
  }
}
