import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Transactions of several producers interleaved on the same partitions, with plain records between; decided by a seed.
 * Fields: topic, partitions, producers, transactions, recordsPerTransaction, valueBytes, abortRatio, seed, codec, leaveOpen.
 * A value starts with "committed", "aborted", "open" or "plain", the transaction's number and the record's.
 */
public class Transactions {
  private static final int CHUNKS = 4;

  static JsonNode run(Request request) throws Exception {
    int producers = request.number("producers", 3);
    List<Participant> participants = new ArrayList<>();
    Tally tally = new Tally();
    Random random = new Random(request.number("seed", 1L));
    try (KafkaProducer<byte[], byte[]> plain = Producers.open(request)) {
      for (int i = 0; i < producers; i++) participants.add(new Participant(request, i));
      int begun = 0;
      int transactions = request.number("transactions", 20);
      while (begun < transactions || participants.stream().anyMatch(Participant::isOpen)) {
        Participant participant = participants.get(random.nextInt(producers));
        if (participant.isOpen()) {
          participant.advance(random, tally);
        } else if (begun < transactions) {
          participant.begin(begun++, random.nextDouble() < request.number("abortRatio", 0.4));
        }
        if (random.nextInt(3) == 0) tally.plain += Producers.sendAll(plain, records(request, random, "plain", begun, 1)).size();
      }
      if (request.flag("leaveOpen", false)) tally.open = participants.get(0).leaveOpen(random, begun);
    } finally {
      for (Participant participant : participants) participant.close();
    }
    return tally.toJson();
  }

  private static class Tally {
    int committed;
    int aborted;
    int plain;
    int open;

    ObjectNode toJson() {
      return Bridge.JSON.createObjectNode().put("committed", committed).put("aborted", aborted).put("plain", plain).put("open", open);
    }
  }

  private static class Participant {
    private final Request request;
    private final KafkaProducer<byte[], byte[]> producer;
    private int transaction = -1;
    private boolean abort;
    private int chunk;
    private boolean abandoned;

    Participant(Request request, int index) {
      this.request = request;
      this.producer = Producers.open(request, request.text("topic") + "-writer-" + index + "-" + request.number("seed", 1L));
      producer.initTransactions();
    }

    boolean isOpen() {
      return transaction >= 0;
    }

    void begin(int number, boolean willAbort) {
      producer.beginTransaction();
      transaction = number;
      abort = willAbort;
      chunk = 0;
    }

    void advance(Random random, Tally tally) throws Exception {
      int records = Math.max(1, request.number("recordsPerTransaction", 40) / CHUNKS);
      int sent = Producers.sendAll(producer, records(request, random, abort ? "aborted" : "committed", transaction, records)).size();
      if (abort) tally.aborted += sent;
      else tally.committed += sent;
      if (++chunk < CHUNKS) return;
      if (abort) producer.abortTransaction();
      else producer.commitTransaction();
      transaction = -1;
    }

    /** The last stable offset stays before these records until the coordinator's time is up. */
    int leaveOpen(Random random, int number) throws Exception {
      producer.beginTransaction();
      abandoned = true;
      return Producers.sendAll(producer, records(request, random, "open", number, 5)).size();
    }

    void close() {
      producer.close(abandoned ? java.time.Duration.ZERO : java.time.Duration.ofSeconds(30));
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> records(Request request, Random random, String fate, int transaction, int count) {
    int partitions = request.number("partitions", 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder value = new StringBuilder(fate + " " + transaction + " " + random.nextInt(Integer.MAX_VALUE) + " ");
      while (value.length() < request.number("valueBytes", 200)) value.append(Integer.toHexString(random.nextInt()));
      records.add(new ProducerRecord<>(request.text("topic"), random.nextInt(partitions), null, null, value.toString().getBytes(StandardCharsets.US_ASCII)));
    }
    return records;
  }
}
