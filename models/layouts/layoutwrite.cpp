// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutwrite.h"

#include <algorithm>
#include <array>

namespace pulsedeck {

namespace {

using Op = LayoutOp::Kind;

const char *opWord(Op kind)
{
    static constexpr std::array words{"SET",  "DEL",  "LPUSH", "RPUSH",   "LREM",   "SREM",    "ZREM",
                                      "ZADD", "HSET", "HDEL",  "PUBLISH", "XGROUP", "RENAMENX"};
    return words[size_t(kind)];
}

LayoutWrite::Word plainWord(const QByteArray &text)
{
    return {LayoutText(text), false};
}

} // namespace

std::vector<LayoutWrite> writesOf(const std::vector<LayoutOp> &ops)
{
    using Kind = LayoutWrite::Kind;
    std::vector<LayoutWrite> writes;
    for (const LayoutOp &op : ops) {
        LayoutWrite write{Kind::Plain, {plainWord(opWord(op.kind))}};
        std::vector<LayoutWrite::Word> &words = write.words;
        if (op.kind == Op::XGroupDelConsumer)
            words.push_back(plainWord("DELCONSUMER"));
        words.push_back({op.key, op.kind != Op::Publish});
        if (op.kind == Op::HSet || op.kind == Op::HDel || op.kind == Op::ZAdd || op.kind == Op::XGroupDelConsumer)
            words.push_back({op.field, false});
        if (op.kind == Op::LRem)
            words.push_back(plainWord(QByteArray::number(op.count)));
        if (op.kind != Op::Del && op.kind != Op::HDel)
            words.push_back({op.value, op.kind == Op::Rename});
        if (op.kind == Op::Set && op.expireS > 0) {
            words.push_back(plainWord("EX"));
            words.push_back(plainWord(QByteArray::number(op.expireS)));
        }
        if (op.kind == Op::Set && op.onlyNew) {
            words.push_back(plainWord("NX"));
            write.kind = Kind::New;
        }
        if (op.kind == Op::Publish)
            write.kind = Kind::Publish;
        write.ifAny = op.ifAny;
        if (op.kind == Op::Rename) {
            write.kind = Kind::Rename;
            write.when = op.when;
            if (write.ifAny.empty())
                write.ifAny.push_back(op.key); // Nothing waits, so there is nothing to move.
        }
        writes.push_back(std::move(write));
        if ((op.kind == Op::LPush || op.kind == Op::RPush) && op.expireS > 0)
            writes.push_back(
                {Kind::Expire, {plainWord("EXPIRE"), {op.key, true}, plainWord(QByteArray::number(op.expireS))}, op.ifAny});
    }
    return writes;
}

QList<QByteArrayList> writtenWords(const Layout &layout, const std::vector<LayoutOp> &ops, const QByteArray &prefix)
{
    const QByteArray key = layout.record.key.written();
    const bool memberIsKey = std::any_of(layout.discover.begin(), layout.discover.end(),
                                         [](const LayoutDiscovery &one) { return one.registry && one.memberIsKey; });
    LayoutVariables known{{"prefix", prefix}};
    const auto keepOthers = [&known](const LayoutText &text) {
        LayoutVariables values = known;
        for (const QByteArray &name : text.variables()) {
            if (!values.contains(name))
                values.insert(name, '{' + name + '}');
        }
        return text.resolve(values);
    };
    known.insert("key", keepOthers(LayoutText(key)));
    known.insert("member", memberIsKey ? known.value("key") : QByteArrayLiteral("{id}"));
    QList<QByteArrayList> lines;
    for (const LayoutWrite &write : writesOf(ops)) {
        QByteArrayList words;
        for (const LayoutWrite::Word &word : write.words)
            words.append(keepOthers(word.text));
        // Behind what is sent, as a remark.
        if (!write.ifAny.empty())
            words += QByteArrayList{"#", "if"};
        for (const LayoutCondition &one : write.when) {
            words += QByteArrayList{keepOthers(one.key), one.field, "begins", "with", one.value};
            for (const QByteArray &other : one.others)
                words += QByteArrayList{"or", other};
            words.append("and");
        }
        for (size_t i = 0; i < write.ifAny.size(); ++i) {
            if (i > 0)
                words.append("or");
            words.append(keepOthers(write.ifAny[i]));
        }
        if (!write.ifAny.empty())
            words += QByteArrayList{"is", "there"};
        lines.append(words);
    }
    return lines;
}

void describeWrites(SourceTraits &traits, const Layout &layout, const QByteArray &prefix)
{
    traits.idPattern = layout.idPattern.pattern();
    traits.idsEscaped = layout.escapesIds();
    for (const LayoutCommand &command : layout.commands) {
        ActTraits &act = traits.acts[size_t(command.act)];
        if (!command.whyNot.isEmpty() || !act.writes.isEmpty())
            continue;
        act.writes = writtenWords(layout, command.ops, prefix);
        act.lastsMs = 0;
        for (const LayoutOp &op : command.ops)
            act.lastsMs = qMax(act.lastsMs, op.expireS * 1'000);
    }
    if (layout.reap)
        traits.acts[size_t(Act::Reap)].writes = writtenWords(layout, layout.reap->ops, prefix);
}

QString quotedWord(const QByteArray &word)
{
    const QString text = QString::fromUtf8(word);
    const bool printable = text.toUtf8() == word && std::all_of(text.begin(), text.end(), [](QChar c) { return c.isPrint(); });
    const bool plain = printable && !text.isEmpty() && std::none_of(text.begin(), text.end(), [](QChar c) {
                           return c.isSpace() || c == QLatin1Char('\'') || c == QLatin1Char('"');
                       });
    if (plain)
        return text;
    if (printable && !text.contains(QLatin1Char('\'')))
        return QLatin1Char('\'') + text + QLatin1Char('\'');
    QString quoted(QLatin1Char('"'));
    for (const char c : word) {
        if (c == '"' || c == '\\')
            quoted += QLatin1Char('\\');
        if (c >= 0x20 && c < 0x7f)
            quoted += QLatin1Char(c);
        else
            quoted += QStringLiteral("\\x%1").arg(uchar(c), 2, 16, QLatin1Char('0'));
    }
    return quoted + QLatin1Char('"');
}

QStringList writtenLines(const QList<QByteArrayList> &words, const LayoutVariables &values, const QStringList &queues)
{
    LayoutVariables all = values;
    all.insert("now-s", "{now-s}");
    all.insert("now-ms", "{now-ms}");
    QStringList lines;
    const auto add = [&lines, &all](const QByteArrayList &line) {
        QStringList shown;
        for (const QByteArray &word : line)
            shown.append(quotedWord(LayoutText(word).resolve(all)));
        lines.append(shown.join(QLatin1Char(' ')));
    };
    const auto namesQueue = [](const QByteArray &word) { return LayoutText(word).variables().contains("queue"); };
    for (const QByteArrayList &line : words) {
        if (values.contains("queue") || std::none_of(line.begin(), line.end(), namesQueue)) {
            add(line);
            continue;
        }
        for (const QString &queue : queues.first(qMin(queues.size(), mostWrittenQueues))) {
            all.insert("queue", queue.toUtf8());
            add(line);
        }
        all.remove("queue");
    }
    return lines;
}

QByteArray escapedName(QByteArrayView name, QByteArrayView separators)
{
    const bool utf8 = QUtf8StringView(name).isValidUtf8();
    QByteArray escaped;
    for (const char c : name) {
        const auto byte = uchar(c);
        const bool plain = byte >= 0x20 && byte != 0x7f && c != '%' && !separators.contains(c) && (byte < 0x80 || utf8);
        if (plain) {
            escaped += c;
            continue;
        }
        static constexpr char digits[] = "0123456789ABCDEF";
        escaped += '%';
        escaped += digits[byte >> 4];
        escaped += digits[byte & 15];
    }
    return escaped;
}

LayoutVariables idVariables(const QRegularExpression &pattern, const QByteArray &id, bool escaped)
{
    LayoutVariables values{{"id", id}};
    const QStringList names = pattern.namedCaptureGroups();
    if (names.size() < 2)
        return values;
    // What is not UTF-8 is matched byte by byte.
    QString subject = QString::fromUtf8(id);
    const bool utf8 = subject.toUtf8() == id;
    if (!utf8)
        subject = QString::fromLatin1(id);
    const QRegularExpressionMatch match = pattern.match(subject);
    for (const QString &name : names) {
        if (name.isEmpty() || !match.hasMatch())
            continue;
        const QString part = match.captured(name);
        const QByteArray bytes = utf8 ? part.toUtf8() : part.toLatin1();
        values.insert(name.toLatin1(), escaped ? QByteArray::fromPercentEncoding(bytes) : bytes);
    }
    return values;
}

} // namespace pulsedeck
