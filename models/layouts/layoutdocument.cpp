// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutdocument.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>

#include <algorithm>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

using namespace Qt::StringLiterals;

static void initLayoutResources()
{
    Q_INIT_RESOURCE(layoutfiles); // Resources of a static library are not found without being asked for.
}

namespace pulsedeck {

namespace {

class DocumentTexts
{
    Q_DECLARE_TR_FUNCTIONS(DocumentTexts)
};

/// Follows the text while it is parsed, and notes the line of each value: for a member of an object that of its name. Ends the
/// parsing where the text is nested too deeply.
class PlaceHandler
{
public:
    PlaceHandler(const QByteArray &json, rapidjson::MemoryStream &stream)
        : m_json(json)
        , m_stream(stream)
    { }

    bool Null() { return value(); }
    bool Bool(bool) { return value(); }
    bool Int(int) { return value(); }
    bool Uint(unsigned) { return value(); }
    bool Int64(int64_t) { return value(); }
    bool Uint64(uint64_t) { return value(); }
    bool Double(double) { return value(); }
    bool RawNumber(const char *, rapidjson::SizeType, bool) { return value(); }
    bool String(const char *, rapidjson::SizeType, bool) { return value(); }
    bool StartObject() { return open(false); }
    bool StartArray() { return open(true); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool EndArray(rapidjson::SizeType) { return close(); }
    bool Key(const char *text, rapidjson::SizeType length, bool)
    {
        Level &level = m_levels.back();
        level.here = level.path + u'/' + LayoutDocument::step(QString::fromUtf8(text, qsizetype(length)));
        if (lines.contains(level.here))
            repeated.append(level.here);
        lines.insert(level.here, line());
        return true;
    }

    QHash<QString, int> lines;
    QStringList repeated; ///< Pointers of members that are there twice.
    bool tooDeep = false;

    int line()
    {
        const qsizetype to = std::min(qsizetype(m_stream.Tell()), m_json.size());
        m_line += int(std::count(m_json.begin() + m_counted, m_json.begin() + to, '\n'));
        m_counted = to;
        return m_line;
    }

private:
    struct Level
    {
        QString path;
        bool isArray = false;
        int index = 0;
        QString here; ///< Of the member that is read.
    };

    /// The pointer of the value that begins here.
    QString begin()
    {
        if (m_levels.empty())
            return {};
        Level &level = m_levels.back();
        if (!level.isArray)
            return level.here;
        return level.path + u'/' + QString::number(level.index++);
    }

    bool value()
    {
        const QString path = begin();
        if (!lines.contains(path))
            lines.insert(path, line());
        return true;
    }

    bool open(bool isArray)
    {
        const QString path = begin();
        if (!lines.contains(path))
            lines.insert(path, line());
        m_levels.push_back({path, isArray, 0, {}});
        tooDeep = m_levels.size() > size_t(LayoutDocument::mostDepth);
        return !tooDeep;
    }

    bool close()
    {
        m_levels.pop_back();
        return true;
    }

    const QByteArray &m_json;
    rapidjson::MemoryStream &m_stream;
    std::vector<Level> m_levels;
    qsizetype m_counted = 0;
    int m_line = 1;
};

} // namespace

QString LayoutProblem::toString() const
{
    QString place = file;
    if (line > 0)
        place += u':' + QString::number(line);
    if (!place.isEmpty())
        place += u": "_s;
    return place + (path.isEmpty() ? QString() : QString(path + u": "_s)) + text;
}

LayoutDocument::LayoutDocument(const QByteArray &text, const LayoutSchema &schema)
{
    if (text.size() > mostBytes) {
        add({}, DocumentTexts::tr("The file is larger than %1 KiB.").arg(mostBytes / 1024));
        return;
    }
    // Some editors begin a file with a mark.
    const QByteArray json = text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text;
    rapidjson::MemoryStream stream(json.constData(), size_t(json.size()));
    PlaceHandler places(json, stream);
    rapidjson::Reader reader;
    const rapidjson::ParseResult result = reader.Parse<rapidjson::kParseValidateEncodingFlag>(stream, places);
    m_lines = places.lines;
    if (result.IsError()) {
        const QByteArrayView before = QByteArrayView(json).first(std::min(qsizetype(result.Offset()), json.size()));
        const QString what =
            places.tooDeep
                ? DocumentTexts::tr("It is nested more than %1 levels deep.").arg(mostDepth)
                : DocumentTexts::tr("This is not JSON: %1").arg(QString::fromLatin1(rapidjson::GetParseError_En(result.Code())));
        m_problems.push_back({{}, 1 + int(std::count(before.begin(), before.end(), '\n')), {}, what});
        return;
    }
    for (const QString &path : std::as_const(places.repeated))
        add(path, DocumentTexts::tr("It is there twice."));
    const std::vector<LayoutProblem> found = schema.check(json, mostProblems);
    for (const LayoutProblem &problem : found)
        add(problem.path, problem.text);
    if (m_problems.empty())
        m_root = QJsonDocument::fromJson(json).object();
}

int LayoutDocument::lineOf(const QString &path) const
{
    for (QString at = path;; at.truncate(at.lastIndexOf(u'/'))) {
        const auto line = m_lines.constFind(at);
        if (line != m_lines.cend())
            return *line;
        if (at.isEmpty())
            return 1;
    }
}

QByteArray LayoutDocument::schema()
{
    initLayoutResources();
    QFile file(u":/layouts/layout.schema.json"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString LayoutDocument::step(const QString &name)
{
    QString step = name;
    return step.replace(u'~', "~0"_L1).replace(u'/', "~1"_L1);
}

void LayoutDocument::add(const QString &path, const QString &text)
{
    if (m_problems.size() < mostProblems)
        m_problems.push_back({{}, lineOf(path), path, text});
}

} // namespace pulsedeck
