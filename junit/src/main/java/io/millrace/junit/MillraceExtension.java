package io.millrace.junit;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Starts the engine of a {@link MillraceTest} and hands out its parts. */
final class MillraceExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(MillraceExtension.class);

  private static final Map<Class<?>, Function<RunningMillrace, Object>> PARTS =
      Map.of(
          URI.class, RunningMillrace::endpoint,
          KinesisClient.class, RunningMillrace::kinesis,
          KinesisAsyncClient.class, RunningMillrace::kinesisAsync,
          StreamClient.class, running -> running.millrace().client(),
          Millrace.class, RunningMillrace::millrace);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARTS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return PARTS.get(parameter.getParameter().getType()).apply(running(context));
  }

  /** One engine for a class; the store closes it after the last of its tests. */
  private static RunningMillrace running(ExtensionContext context) {
    ExtensionContext ofClass = context;
    while (ofClass.getTestMethod().isPresent()) {
      ofClass = ofClass.getParent().orElseThrow();
    }
    MillraceTest settings =
        AnnotationSupport.findAnnotation(ofClass.getRequiredTestClass(), MillraceTest.class)
            .orElseThrow();
    return ofClass
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            RunningMillrace.class, type -> RunningMillrace.start(settings), RunningMillrace.class);
  }
}
