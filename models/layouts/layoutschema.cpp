// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutschema.h"

#include "models/core/visibletext.h"
#include "models/layouts/layoutdocument.h"

#include <QCoreApplication>
#include <QMutex>
#include <QStringList>

#include <map>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using JsonValue = rapidjson::Value;

QString textOf(const JsonValue &value)
{
    return QString::fromUtf8(value.GetString(), qsizetype(value.GetStringLength()));
}

const JsonValue *memberOf(const JsonValue &object, const char *name)
{
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

bool isOfType(const JsonValue &value, const JsonValue &type)
{
    const QString name = textOf(type);
    return (name == "object"_L1 && value.IsObject()) || (name == "array"_L1 && value.IsArray())
           || (name == "string"_L1 && value.IsString()) || (name == "boolean"_L1 && value.IsBool())
           || (name == "number"_L1 && value.IsNumber()) || (name == "integer"_L1 && (value.IsInt64() || value.IsUint64()));
}

class SchemaTexts
{
    Q_DECLARE_TR_FUNCTIONS(SchemaTexts)

public:
    static QString typeName(const QString &type)
    {
        if (type == "object"_L1)
            return tr("an object");
        if (type == "array"_L1)
            return tr("a list");
        if (type == "string"_L1)
            return tr("a text");
        if (type == "boolean"_L1)
            return tr("true or false");
        return type == "integer"_L1 ? tr("a whole number") : tr("a number");
    }

    static QString expected(QStringList types)
    {
        types.removeDuplicates();
        const QString last = types.takeLast();
        return types.isEmpty() ? tr("Expected %1.").arg(last) : tr("Expected %1 or %2.").arg(types.join(u", "_s), last);
    }

    /// What a value has to be that breaks \a keyword of \a schema.
    static QString broken(const QString &keyword, const JsonValue &schema)
    {
        const JsonValue *limit = memberOf(schema, keyword.toLatin1().constData());
        if (!limit)
            return tr("It does not fit the schema.");
        if (keyword == "type"_L1) {
            QStringList types;
            if (limit->IsArray()) {
                for (const JsonValue &type : limit->GetArray())
                    types.append(typeName(textOf(type)));
            } else {
                types.append(typeName(textOf(*limit)));
            }
            return expected(types);
        }
        if (keyword == "enum"_L1) {
            QStringList values;
            for (const JsonValue &value : limit->GetArray())
                values.append(value.IsString() ? textOf(value)
                              : value.IsBool() ? (value.GetBool() ? u"true"_s : u"false"_s)
                                               : QString::number(value.GetInt()));
            return values.size() == 1 ? tr("It must be %1.").arg(values.constFirst())
                                      : tr("It must be one of: %1.").arg(values.join(u", "_s));
        }
        if (keyword == "pattern"_L1)
            return tr("It does not have the form that is expected here: %1").arg(textOf(*limit));
        const QString number = limit->IsNumber() ? QString::number(limit->GetDouble(), 'g', 12) : QString();
        if (keyword == "minimum"_L1)
            return tr("It must be at least %1.").arg(number);
        if (keyword == "maximum"_L1)
            return tr("It must be at most %1.").arg(number);
        if (keyword == "minLength"_L1)
            return tr("It must not be empty.");
        if (keyword == "maxLength"_L1)
            return tr("It must have at most %1 characters.").arg(number);
        if (keyword == "minItems"_L1 || keyword == "minProperties"_L1)
            return tr("It must have at least %1 of them.").arg(number);
        if (keyword == "maxItems"_L1 || keyword == "maxProperties"_L1)
            return tr("It must have at most %1 of them.").arg(number);
        return tr("It does not fit the schema.");
    }
};

} // namespace

struct LayoutSchema::Data
{
    rapidjson::Document schema;
    QMutex mutex; ///< Of what is below, and of checking: the library's regular expressions have a state.
    std::map<const JsonValue *, std::unique_ptr<rapidjson::SchemaDocument>> compiled;
    std::vector<LayoutProblem> problems;
    size_t most = 0;

    const JsonValue &resolved(const JsonValue &part) const
    {
        const JsonValue *at = &part;
        while (const JsonValue *reference = memberOf(*at, "$ref")) {
            const JsonValue *goal = rapidjson::Pointer(reference->GetString(), reference->GetStringLength()).Get(schema);
            Q_ASSERT(goal);
            at = goal;
        }
        return *at;
    }

    const rapidjson::SchemaDocument &compile(const JsonValue &part)
    {
        std::unique_ptr<rapidjson::SchemaDocument> &found = compiled[&part];
        if (!found) {
            rapidjson::Document document;
            document.CopyFrom(part, document.GetAllocator());
            if (&part != &schema) {
                JsonValue definitions;
                definitions.CopyFrom(schema["definitions"], document.GetAllocator());
                document.AddMember("definitions", definitions, document.GetAllocator());
            }
            found = std::make_unique<rapidjson::SchemaDocument>(document);
        }
        return *found;
    }

    void add(const QString &path, const QString &text)
    {
        if (problems.size() < most)
            problems.push_back({{}, 0, path, text});
    }

    /// Looks for what is wrong with \a value at \a path: in its members and items, and if those are right, with itself.
    void look(const JsonValue &value, const JsonValue &part, const QString &path)
    {
        if (problems.size() >= most)
            return;
        const JsonValue &fit = resolved(part);
        rapidjson::SchemaValidator validator(compile(fit));
        if (value.Accept(validator))
            return;
        const QString keyword = QString::fromLatin1(validator.GetInvalidSchemaKeyword());
        const size_t before = problems.size();
        if (const JsonValue *choice = memberOf(fit, "anyOf"))
            return lookAtChoice(value, *choice, path);
        if (const JsonValue *type = memberOf(fit, "type"); type && type->IsString() && !isOfType(value, *type))
            return add(path, SchemaTexts::broken(u"type"_s, fit));
        if (value.IsObject())
            lookAtMembers(value, fit, path);
        const JsonValue *items = memberOf(fit, "items");
        if (value.IsArray() && items) {
            for (rapidjson::SizeType i = 0; i < value.Size(); ++i)
                look(value[i], *items, path + u'/' + QString::number(i));
        }
        if (problems.size() == before)
            add(path, SchemaTexts::broken(keyword, fit));
    }

    void lookAtMembers(const JsonValue &object, const JsonValue &fit, const QString &path)
    {
        const JsonValue *known = memberOf(fit, "properties");
        const JsonValue *others = memberOf(fit, "additionalProperties");
        if (const JsonValue *required = memberOf(fit, "required")) {
            for (const JsonValue &name : required->GetArray()) {
                if (!object.HasMember(name))
                    add(path, SchemaTexts::tr("“%1” is missing.").arg(textOf(name)));
            }
        }
        for (const auto &member : object.GetObject()) {
            const QString name = textOf(member.name);
            const QString place = path + u'/' + LayoutDocument::step(name);
            const auto found = known ? known->FindMember(member.name) : fit.MemberEnd();
            if (known && found != known->MemberEnd())
                look(member.value, found->value, place);
            else if (others && others->IsObject())
                look(member.value, *others, place);
            else if (others)
                add(place, unknown(name, known));
        }
    }

    static QString unknown(const QString &name, const JsonValue *known)
    {
        QStringList names;
        for (const auto &member : known->GetObject())
            names.append(textOf(member.name));
        return SchemaTexts::tr("“%1” is not known here. Known are: %2.").arg(visibleLine(name.left(60)), names.join(u", "_s));
    }

    void lookAtChoice(const JsonValue &value, const JsonValue &choice, const QString &path)
    {
        QStringList types;
        for (const JsonValue &one : choice.GetArray()) {
            const JsonValue &fit = resolved(one);
            const JsonValue &type = fit["type"];
            if (isOfType(value, type))
                return look(value, one, path);
            types.append(SchemaTexts::typeName(textOf(type)));
        }
        add(path, SchemaTexts::expected(types));
    }
};

LayoutSchema::LayoutSchema(const QByteArray &text)
    : m_data(std::make_unique<Data>())
{
    m_data->schema.Parse(text.constData(), size_t(text.size()));
    Q_ASSERT(m_data->schema.IsObject());
}

LayoutSchema::~LayoutSchema() = default;

const LayoutSchema &LayoutSchema::instance()
{
    static const LayoutSchema schema(LayoutDocument::schema());
    return schema;
}

std::vector<LayoutProblem> LayoutSchema::check(const QByteArray &json, size_t most) const
{
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(json.constData(), size_t(json.size()));
    Q_ASSERT(!document.HasParseError());
    const QMutexLocker lock(&m_data->mutex);
    m_data->problems.clear();
    m_data->most = most;
    m_data->look(document, m_data->schema, {});
    return std::exchange(m_data->problems, {});
}

} // namespace pulsedeck
