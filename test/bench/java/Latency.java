import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces at a steady rate to the source and consumes there and on the target: all timestamps from one clock, System.nanoTime of this process.
 * Measures the records sent in the window that opens warmupSeconds after the first record arrived on the target.
 * Usage: Latency source sourceTopic target targetTopic partitions rate valueBytes warmupSeconds seconds waitSeconds
 * Prints one JSON object: milliseconds from send() to the return of poll().
 */
public class Latency {
  private static final int NONE = -1;

  /** Latencies by number of the record, in nanoseconds; filled by one consumer thread. */
  private static final class Series {
    final long[] nanos;
    final CountDownLatch first = new CountDownLatch(1);
    volatile long seen = 0;

    Series(int capacity) {
      nanos = new long[capacity];
      Arrays.fill(nanos, NONE);
    }
  }

  public static void main(String[] args) throws Exception {
    int partitions = Integer.parseInt(args[4]);
    int rate = Integer.parseInt(args[5]);
    int valueBytes = Integer.parseInt(args[6]);
    int warmup = Integer.parseInt(args[7]);
    int seconds = Integer.parseInt(args[8]);
    int wait = Integer.parseInt(args[9]);
    int capacity = rate * (warmup + seconds + 2 * wait + 10);
    Series source = new Series(capacity);
    Series target = new Series(capacity);
    AtomicBoolean running = new AtomicBoolean(true);
    List<Thread> consumers = List.of(
        consume(args[0], args[1], partitions, source, running),
        consume(args[2], args[3], partitions, target, running));
    AtomicBoolean producing = new AtomicBoolean(true);
    long[] sent = {0};
    Thread producer = new Thread(() -> produce(args[0], args[1], partitions, rate, valueBytes, capacity, producing, sent), "producer");
    producer.start();
    if (!target.first.await(wait, TimeUnit.SECONDS)) fail("nothing arrived on the target within " + wait + " s");
    Thread.sleep(warmup * 1_000L);
    int from = (int) number(sent);
    Thread.sleep(seconds * 1_000L);
    int to = (int) number(sent);
    producing.set(false);
    producer.join();
    long deadline = System.nanoTime() + wait * 1_000_000_000L;
    while (target.seen < to && System.nanoTime() < deadline) Thread.sleep(20);
    running.set(false);
    for (Thread consumer : consumers) consumer.join();
    System.out.println("{\"records\":" + (to - from) + ",\"source\":" + summary(source, from, to) + ",\"target\":" + summary(target, from, to) + "}");
    Runtime.getRuntime().halt(0);
  }

  private static long number(long[] sent) {
    synchronized (sent) {
      return sent[0];
    }
  }

  private static void produce(String bootstrap, String topic, int partitions, int rate, int valueBytes, int capacity, AtomicBoolean producing, long[] sent) {
    Properties properties = client(bootstrap);
    properties.put("acks", "all");
    properties.put("linger.ms", "0");
    byte[] filler = new byte[valueBytes];
    new Random(3).nextBytes(filler);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(topic);
      long start = System.nanoTime();
      for (int n = 0; producing.get() && n < capacity; n++) {
        for (long due = start + n * 1_000_000_000L / rate, left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) LockSupport.parkNanos(left);
        byte[] value = filler.clone();
        ByteBuffer.wrap(value).putInt(n).putLong(System.nanoTime());
        producer.send(new ProducerRecord<>(topic, n % partitions, null, value), (metadata, error) -> {
          if (error != null) fail("producing: " + error);
        });
        synchronized (sent) {
          sent[0] = n + 1;
        }
      }
    }
  }

  private static Thread consume(String bootstrap, String topic, int partitions, Series series, AtomicBoolean running) {
    Thread thread = new Thread(() -> {
      Properties properties = client(bootstrap);
      properties.put("isolation.level", "read_committed");
      try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        List<TopicPartition> assigned = new ArrayList<>();
        for (int p = 0; p < partitions; p++) assigned.add(new TopicPartition(topic, p));
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
        while (running.get()) {
          var records = consumer.poll(Duration.ofMillis(100));
          long now = System.nanoTime();
          for (var record : records) {
            ByteBuffer head = ByteBuffer.wrap(record.value());
            int n = head.getInt();
            if (series.nanos[n] == NONE) series.seen++;
            series.nanos[n] = now - head.getLong();
          }
          if (!records.isEmpty()) series.first.countDown();
        }
      } catch (RuntimeException error) {
        fail("consuming " + topic + ": " + error);
      }
    }, "consumer of " + topic);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static Properties client(String bootstrap) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    return properties;
  }

  private static String summary(Series series, int from, int to) {
    long[] window = Arrays.stream(series.nanos, from, to).filter(nanos -> nanos != NONE).sorted().toArray();
    int missing = to - from - window.length;
    return String.format(Locale.ROOT, "{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"missing\":%d}", at(window, 0.5), at(window, 0.99), at(window, 1), missing);
  }

  /** Nearest rank, in milliseconds. */
  private static double at(long[] sorted, double quantile) {
    if (sorted.length == 0) return Double.MAX_VALUE;
    return sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)] / 1e6;
  }

  private static void fail(String message) {
    System.err.println("latency: " + message);
    Runtime.getRuntime().halt(1);
  }
}
