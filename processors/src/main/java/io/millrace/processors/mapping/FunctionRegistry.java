package io.millrace.processors.mapping;

import io.millrace.processors.function.RegisteredFunction;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The functions of an engine, by name. Safe for any thread. */
public final class FunctionRegistry {

  private final ConcurrentMap<String, RegisteredFunction> functions = new ConcurrentHashMap<>();

  /** Adds a function, or replaces the one of this name from its next call on. */
  public void register(RegisteredFunction function) {
    functions.put(function.name(), function);
  }

  Optional<RegisteredFunction> find(String name) {
    return Optional.ofNullable(functions.get(name));
  }
}
