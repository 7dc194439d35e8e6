package io.millrace.gateway.call;

import java.util.List;

/** The headers of a request. */
@FunctionalInterface
public interface Headers {

  /** The values of a header, whatever the case of its name; none when it is absent. */
  List<String> all(String name);

  /** The first value of a header; empty when it is absent. */
  default String first(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? "" : values.get(0);
  }
}
