// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertfilter.h"

#include "models/alerts/alertwords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertFilter AlertFilter::parse(const QString &text)
{
    static constexpr std::pair<QLatin1StringView, Field> fields[]{{"rule:"_L1, Field::Rule},
                                                                  {"env:"_L1, Field::Environment},
                                                                  {"source:"_L1, Field::Source},
                                                                  {"host:"_L1, Field::Host},
                                                                  {"state:"_L1, Field::State}};
    AlertFilter filter;
    for (const QString &word : text.toLower().split(u' ', Qt::SkipEmptyParts)) {
        Term term{Field::Any, word};
        for (const auto &[name, field] : fields) {
            if (word.startsWith(name))
                term = {field, word.mid(name.size())};
        }
        if (!term.value.isEmpty()) // It is still being typed.
            filter.m_terms.push_back(term);
    }
    return filter;
}

bool AlertFilter::matches(const Alert &alert, const QString &note) const
{
    const auto has = [](const QStringList &texts, const QString &value) {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const QString &text) { return text.contains(value, Qt::CaseInsensitive); });
    };
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term &term) {
        switch (term.field) {
        case Field::Rule:
            return has({alert.rule.name, alert.rule.title}, term.value);
        case Field::Environment:
            return has({environmentName(alert.environment)}, term.value);
        case Field::Source:
            return has(alert.sources, term.value);
        case Field::Host:
            return alert.rule.group == AlertGrouping::Host && has(alert.groups, term.value);
        case Field::State:
            return has({alert.isFiring() && alert.isSilenced() ? u"silenced"_s : alertStateName(alert.state)}, term.value);
        case Field::Any:
            break;
        }
        if (has({alertTitle(alert), alertPlace(alert), alert.rule.name, note}, term.value) || has(alert.groups, term.value))
            return true;
        return std::any_of(alert.subjects.begin(), alert.subjects.end(),
                           [&](const AlertSubject &subject) { return subject.name.contains(term.value, Qt::CaseInsensitive); });
    });
}

} // namespace pulsedeck
