package io.millrace.gateway.http;

import java.lang.reflect.Proxy;

/** Stands for a client whom the test must not reach. */
final class Uncalled {

  private Uncalled() {}

  static <T> T of(Class<T> client) {
    return client.cast(
        Proxy.newProxyInstance(
            client.getClassLoader(),
            new Class<?>[] {client},
            (proxy, method, arguments) -> {
              throw new AssertionError(method + " is not to be called");
            }));
  }
}
