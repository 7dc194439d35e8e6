package io.millrace.gateway.wire;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The members of a structure, in the order in which they came. There are few of them and many
 * structures, so they lie in one array and are searched in turn. Not safe for several threads while
 * it is filled.
 */
final class Members extends AbstractMap<String, Object> {

  private static final int USUAL = 4;

  /** Names at even places, their values behind them. */
  private Object[] namesAndValues = new Object[2 * USUAL];

  private int size;

  @Override
  public Object put(String name, Object value) {
    int at = find(name);
    if (at < 0) {
      at = 2 * size++;
      if (at == namesAndValues.length) {
        namesAndValues = Arrays.copyOf(namesAndValues, 2 * at);
      }
      namesAndValues[at] = name;
    }
    Object before = namesAndValues[at + 1];
    namesAndValues[at + 1] = value;
    return before;
  }

  @Override
  public Object get(Object name) {
    int at = find(name);
    return at < 0 ? null : namesAndValues[at + 1];
  }

  @Override
  public boolean containsKey(Object name) {
    return find(name) >= 0;
  }

  private int find(Object name) {
    for (int at = 0; at < 2 * size; at += 2) {
      if (namesAndValues[at].equals(name)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Iterator<Map.Entry<String, Object>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<String, Object>> {

    private int next;

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public Map.Entry<String, Object> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int at = 2 * next++;
      return Map.entry((String) namesAndValues[at], namesAndValues[at + 1]);
    }

    @Override
    public void remove() {
      int at = 2 * --next;
      int behind = 2 * size - at - 2;
      System.arraycopy(namesAndValues, at + 2, namesAndValues, at, behind);
      Arrays.fill(namesAndValues, 2 * size - 2, 2 * size, null);
      size--;
    }
  }
}
